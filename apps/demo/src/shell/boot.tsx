import type { ReactElement } from 'react';
import styles from './boot.module.css';
import { Mark } from './mark.tsx';

/** What stands on the page until the server has said what it is. */
export function Boot({ error }: { readonly error: Error | null }): ReactElement {
  return (
    <main className={styles['boot']}>
      <Mark size={40} />
      <p role={error === null ? 'status' : 'alert'}>
        {error === null ? 'Reaching the server …' : `The demo's server does not answer. ${error.message}`}
      </p>
    </main>
  );
}
