import { inputParts, isTerminalRun, type RunInput } from '@longhaul/core';
import { Clock, CornerDownRight, X } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DemoView } from '../run/demo-call.ts';
import type { DemoThread } from './demo-thread.ts';
import { firstWords, textOfParts } from './turn-text.ts';
import styles from './dock.module.css';

/** The beginning of a message, or the number of its files. */
function shownText(input: RunInput): string {
  const parts = inputParts(input);
  return firstWords(textOfParts(parts)) || `${parts.length} files`;
}

/** Shows the messages that were added to the active answer, until a request contains them. */
export function SteeredList({ run }: { readonly run: DemoView }): ReactElement | null {
  const waiting = isTerminalRun(run.status) ? [] : run.steered.filter(({ sentIn }) => sentIn === undefined);
  if (waiting.length === 0) return null;
  return (
    <section className={styles['queue']} aria-label="Added messages">
      <p className={styles['queueLead']}>
        <CornerDownRight size={13} aria-hidden="true" /> Sent with the next request of this answer
      </p>
      <ul>
        {waiting.map(({ steerId, input }) => (
          <li key={steerId} className={styles['queued']}>
            <span>{shownText(input)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Shows the messages that wait for the next turn. */
export function QueueList({
  queue,
  isActive,
  unqueue,
}: Pick<DemoThread, 'queue' | 'isActive' | 'unqueue'>): ReactElement | null {
  if (queue.length === 0) return null;
  return (
    <section className={styles['queue']} aria-label="Waiting messages">
      <p className={styles['queueLead']}>
        <Clock size={13} aria-hidden="true" />
        {isActive ? 'Sent when the answer has ended' : 'Sent with your next message'}
      </p>
      <ul>
        {queue.map(({ id, input }) => {
          const text = shownText(input);
          return (
            <li key={id} className={styles['queued']}>
              <span>{text}</span>
              <button type="button" aria-label={`Do not send “${text}”`} onClick={() => unqueue(id)}>
                <X size={14} aria-hidden="true" />
              </button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
