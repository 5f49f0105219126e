import type { ReactElement } from 'react';
import styles from './boot.module.css';
import { Mark } from './mark.tsx';

/**
 * What stands on the page until the server has said for the first time what it is.
 *
 * @param problem Why it has not, after a first try
 */
export function Boot({ problem }: { readonly problem: Error | null }): ReactElement {
  return (
    <main className={styles['boot']}>
      <Mark size={40} />
      <p role={problem === null ? 'status' : 'alert'}>
        {problem === null
          ? 'Reaching the server …'
          : 'The demo’s server does not answer. Is “npm start” still running?'}
      </p>
      {problem !== null && (
        <p className={styles['hint']}>Asking again every few seconds. {problem.message}</p>
      )}
    </main>
  );
}
