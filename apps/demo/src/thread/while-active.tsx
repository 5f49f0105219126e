import type { ReactElement } from 'react';
import styles from './dock.module.css';

export type WhileActive = 'steer' | 'queue';

const choices = [
  {
    value: 'steer',
    label: 'Add to this answer',
    title: 'The model gets the message with its next request, while it works on this answer',
  },
  {
    value: 'queue',
    label: 'Send after it',
    title: 'The message waits, and becomes the next question when this answer has ended',
  },
] as const;

/** Selects what happens to a message while an answer is being made. */
export function WhileActiveChoice(props: {
  readonly chosen: WhileActive;
  readonly choose: (value: WhileActive) => void;
}): ReactElement {
  return (
    <fieldset className={styles['choices']}>
      <legend className="visually-hidden">Use of your message</legend>
      {choices.map(({ value, label, title }) => (
        <label key={value} className={styles['choice']} title={title}>
          <input
            type="radio"
            name="while-active"
            checked={value === props.chosen}
            onChange={() => props.choose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
