import type { ReactElement } from 'react';
import { chosenConnection, type Connection } from '../runner/connection.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { ChoiceRow, type Choice } from '../ui/choice-row.tsx';

const choices: readonly Choice<Connection>[] = [
  {
    value: 'stream',
    label: 'Stream',
    title: 'Stream responses, and poll if streaming fails',
  },
  { value: 'poll', label: 'Poll', title: 'Poll for responses' },
];

/** Selects how to receive responses. The choice may change during a run. */
export function ConnectionSwitch(): ReactElement {
  const chosen = useStoredValue(chosenConnection);
  return <ChoiceRow legend="Receive by" choices={choices} chosen={chosen} choose={chosenConnection.write} />;
}
