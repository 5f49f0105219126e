import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ReactElement } from 'react';
import { chosenConnection } from '../../runner/connection.ts';
import type { LoopPlace } from '../../runner/loop-place.ts';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { useStoredValue } from '../../storage/stored-value.ts';
import { injectFault, faultStateOptions } from '../../faults/fault-state.ts';
import type { DemoFault } from '../../faults/demo-faults.ts';
import { Button } from '../../ui/button.tsx';
import { type FaultNote, FaultRow } from './fault-row.tsx';

const labels = {
  now: { off: 'Inject', on: 'Inject' },
  next: { off: 'Arm', on: 'Disarm' },
  lasts: { off: 'Turn on', on: 'Turn off' },
} as const;

/** Shows a fault that the server injects, and whether it is active or armed. */
export function ServerFault({
  fault,
  place,
  isOn,
}: {
  readonly fault: DemoFault;
  readonly place: LoopPlace;
  readonly isOn: boolean;
}): ReactElement {
  const { name, title, text, when, needs } = fault;
  const queryClient = useQueryClient();
  const injection = useMutation({
    mutationFn: injectFault,
    onSuccess: (next) => queryClient.setQueryData(faultStateOptions.queryKey, next),
  });
  const connection = useStoredValue(chosenConnection);
  const isAway = useServerIsAway();
  const label = labels[when][isOn ? 'on' : 'off'];
  return (
    <FaultRow title={title} text={text} isOn={isOn} note={noteOf()}>
      <Button
        aria-label={`${label}: ${title}`}
        aria-pressed={when === 'lasts' ? isOn : undefined}
        disabled={isAway}
        onClick={() => injection.mutate({ name, on: !isOn })}
      >
        {label}
      </Button>
    </FaultRow>
  );

  function noteOf(): FaultNote | undefined {
    if (injection.error !== null && !isAway)
      return { tone: 'bad', text: `The fault could not be injected: ${injection.error.message}` };
    if (place === 'page' && needs !== undefined && needs !== connection) {
      const hint =
        needs === 'stream'
          ? 'Select “Receive by: Stream” to use this fault.'
          : 'Select “Receive by: Poll” to use this fault.';
      return { tone: 'still', text: hint };
    }
    if (isOn && when === 'next')
      return { tone: 'person', text: 'Armed: takes effect at the next matching request.' };
    return injection.isSuccess && when === 'now'
      ? { tone: 'good', text: 'Done: look at the timeline.' }
      : undefined;
  }
}
