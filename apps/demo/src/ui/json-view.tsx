import { useMemo, type ReactElement } from 'react';
import { jsonTokens } from './json-tokens.ts';
import styles from './json-view.module.css';

/** A JSON value, printed and coloured. */
export function JsonView({
  value,
  label,
}: {
  readonly value: unknown;
  readonly label: string;
}): ReactElement {
  const tokens = useMemo(() => jsonTokens(JSON.stringify(value, null, 2) ?? 'undefined'), [value]);
  return (
    // A scrollable region must be reachable by keyboard.
    <pre className={styles['json']} tabIndex={0} role="region" aria-label={label}>
      {tokens.map(({ kind, text }, index) =>
        kind === 'plain' ? (
          text
        ) : (
          <span key={index} className={styles[kind]}>
            {text}
          </span>
        ),
      )}
    </pre>
  );
}
