import type { ErrorView } from '@longhaul/core';
import type { ReactElement } from 'react';
import styles from './now-line.module.css';

/** How browsers say that nobody answered; none of it tells a visitor anything. */
const browsersWords = /failed to fetch|network ?error|load failed/i;

/** The last trouble in reaching the server, in a few words. */
export function TroubleText({ error }: { readonly error: ErrorView }): ReactElement {
  const text = browsersWords.test(error.message) ? 'The server cannot be reached' : error.message;
  return (
    <span className={styles['trouble']} title={error.message}>
      {text}
    </span>
  );
}
