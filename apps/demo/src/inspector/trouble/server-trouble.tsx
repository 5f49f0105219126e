import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { chosenConnection } from '../../runner/connection.ts';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { useStoredValue } from '../../storage/stored-value.ts';
import { makeTrouble, troubleStateOptions } from '../../trouble/trouble-state.ts';
import type { Trouble } from '../../trouble/troubles.ts';
import { Button } from '../../ui/button.tsx';
import { type TroubleNote, TroubleRow } from './trouble-row.tsx';

const labels = {
  now: { off: 'Do it', on: 'Do it' },
  next: { off: 'Arm it', on: 'Take back' },
  lasts: { off: 'Switch on', on: 'Switch off' },
} as const;

/** A trouble that the server makes, and whether it is on or still to strike. */
export function ServerTrouble({
  trouble,
  isOn,
}: {
  readonly trouble: Trouble;
  readonly isOn: boolean;
}): ReactElement {
  const { name, title, text, when, needs } = trouble;
  const queryClient = useQueryClient();
  const strike = useMutation({
    mutationFn: makeTrouble,
    onSuccess: (next) => queryClient.setQueryData(troubleStateOptions.queryKey, next),
  });
  const connection = useStoredValue(chosenConnection);
  const isAway = useServerIsAway();
  const label = labels[when][isOn ? 'on' : 'off'];
  return (
    <TroubleRow title={title} text={text} isOn={isOn} note={noteOf()}>
      <Button
        aria-label={`${label}: ${title}`}
        aria-pressed={when === 'lasts' ? isOn : undefined}
        disabled={isAway}
        onClick={() => strike.mutate({ name, on: !isOn })}
      >
        {label}
      </Button>
    </TroubleRow>
  );

  function noteOf(): TroubleNote | undefined {
    if (strike.error !== null && !isAway)
      return { tone: 'bad', text: `The server was not reached: ${strike.error.message}` };
    if (needs !== undefined && needs !== connection) {
      const hint =
        needs === 'stream' ? 'Nothing is streamed now: choose Stream above.' : 'Choose Poll above to see it.';
      return { tone: 'still', text: hint };
    }
    if (isOn && when === 'next') return { tone: 'person', text: 'Armed: strikes at the next occasion.' };
    return strike.isSuccess && when === 'now'
      ? { tone: 'good', text: 'Done: look at the timeline.' }
      : undefined;
  }
}
