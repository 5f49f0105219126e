import type { ReactElement } from 'react';
import styles from './run-skeleton.module.css';

/** The outline of a run while its part of the page loads. It is visible only if loading is slow. */
export function RunSkeleton(): ReactElement {
  return (
    <div className={styles['skeleton']} aria-hidden="true">
      <span className={styles['title']} />
      <span className={styles['status']} />
      <span className={styles['card']} />
    </div>
  );
}
