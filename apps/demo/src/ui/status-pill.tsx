import type { ReactElement, ReactNode } from 'react';
import type { Tone } from './run-status-text.ts';
import styles from './status-pill.module.css';

/** Shows a state as a label with its colour. The dot is animated while the run is active. */
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
