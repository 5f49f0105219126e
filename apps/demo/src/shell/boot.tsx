import type { ReactElement } from 'react';
import styles from './boot.module.css';
import { Mark } from './mark.tsx';

/**
 * Shown until the server has sent its configuration for the first time.
 *
 * @param problem The error of the last attempt
 */
export function Boot({ problem }: { readonly problem: Error | null }): ReactElement {
  return (
    <main className={styles['boot']}>
      <Mark size={40} />
      <p role={problem === null ? 'status' : 'alert'}>
        {problem === null
          ? 'Connecting to the server …'
          : 'The demo’s server is not responding. Is “npm start” still running?'}
      </p>
      {problem !== null && <p className={styles['hint']}>Retrying every few seconds. {problem.message}</p>}
    </main>
  );
}
