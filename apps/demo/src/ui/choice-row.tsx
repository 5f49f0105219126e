import { useId, type ReactElement } from 'react';
import styles from './choice-row.module.css';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  /** Explains the choice. */
  readonly title?: string;
}

/** A row of radio buttons that looks like a switch. */
export function ChoiceRow<T extends string>(props: {
  /** The name of the group. */
  readonly legend: string;
  /** Whether only screen readers get the legend. */
  readonly hidesLegend?: boolean;
  readonly choices: readonly Choice<T>[];
  readonly chosen: T;
  readonly choose: (value: T) => void;
  /** Called when the pointer or the focus enters the row. */
  readonly prepare?: () => void;
}): ReactElement {
  const { legend, hidesLegend = false, choices, chosen, choose, prepare } = props;
  const name = useId();
  return (
    <fieldset className={styles['row']} onPointerOver={prepare} onFocus={prepare}>
      <legend className={hidesLegend ? 'visually-hidden' : styles['legend']}>{legend}</legend>
      {choices.map(({ value, label, title }) => (
        <label key={value} className={styles['choice']} title={title}>
          <input type="radio" name={name} checked={value === chosen} onChange={() => choose(value)} />
          {label}
        </label>
      ))}
    </fieldset>
  );
}
