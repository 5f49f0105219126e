import { Radio, RefreshCcwDot } from 'lucide-react';
import type { ReactElement } from 'react';
import { chosenConnection, type Connection } from '../runner/connection.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import styles from './connection-switch.module.css';

const choices = [
  {
    connection: 'stream',
    label: 'Stream',
    icon: Radio,
    title: 'Stream responses, and poll if streaming fails',
  },
  { connection: 'poll', label: 'Poll', icon: RefreshCcwDot, title: 'Poll for responses' },
] as const satisfies readonly { readonly connection: Connection; readonly [key: string]: unknown }[];

/** Selects how to receive responses. The choice may change during a run. */
export function ConnectionSwitch(): ReactElement {
  const chosen = useStoredValue(chosenConnection);
  return (
    <div className={styles['switch']} role="group" aria-label="How to receive responses">
      <span className={styles['legend']}>Receive by</span>
      {choices.map(({ connection, label, icon: Icon, title }) => (
        <button
          key={connection}
          type="button"
          className={styles['choice']}
          aria-pressed={chosen === connection}
          title={title}
          onClick={() => chosenConnection.write(connection)}
        >
          <Icon size={14} aria-hidden="true" />
          {label}
        </button>
      ))}
    </div>
  );
}
