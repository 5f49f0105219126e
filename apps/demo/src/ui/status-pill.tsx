import type { ReactElement, ReactNode } from 'react';
import type { Tone } from './run-status-text.ts';
import styles from './status-pill.module.css';

/** A state in its colour and in words; the dot breathes while something moves. */
export function StatusPill(props: {
  readonly tone: Tone;
  readonly live?: boolean;
  readonly quiet?: boolean;
  readonly children: ReactNode;
}): ReactElement {
  return (
    <span
      className={styles['pill']}
      data-tone={props.tone}
      data-live={props.live === true ? '' : undefined}
      data-quiet={props.quiet === true ? '' : undefined}
    >
      <span className={styles['dot']} />
      {props.children}
    </span>
  );
}
