import type { ErrorView } from '@longhaul/core';
import type { ReactElement } from 'react';
import styles from './now-line.module.css';

/** The messages of browsers for a failed connection. They do not help a visitor. */
const browsersWords = /failed to fetch|network ?error|load failed/i;

/** Shows the last connection error in a few words. */
export function ConnectionError({ error }: { readonly error: ErrorView }): ReactElement {
  const text = browsersWords.test(error.message) ? 'The server cannot be reached' : error.message;
  return (
    <span className={styles['error']} title={error.message}>
      {text}
    </span>
  );
}
