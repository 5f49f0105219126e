import type { ReactElement } from 'react';
import type { Tone } from '../../ui/run-status-text.ts';
import styles from './fault-panel.module.css';

export interface FaultNote {
  readonly text: string;
  readonly tone: Tone;
}

/** Shows a fault: its title, its effect, and the button that injects it. */
export function FaultRow(props: {
  readonly title: string;
  readonly text: string;
  /** A hint about the current state. */
  readonly note?: FaultNote | undefined;
  readonly isOn?: boolean;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <li className={styles['row']} data-on={props.isOn === true ? '' : undefined}>
      <div>
        <h4 className={styles['title']}>{props.title}</h4>
        <p className={styles['text']}>{props.text}</p>
        {props.note !== undefined && (
          <p className={styles['note']} data-tone={props.note.tone}>
            {props.note.text}
          </p>
        )}
      </div>
      {props.children}
    </li>
  );
}
