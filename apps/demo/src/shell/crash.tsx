import type { ReactElement } from 'react';
import type { FallbackProps } from 'react-error-boundary';
import { Button } from '../ui/button.tsx';
import styles from './boot.module.css';
import { Mark } from './mark.tsx';

/** Shown if rendering the page failed. The runner still drives the runs, and saves them. */
export function Crash({ error }: FallbackProps): ReactElement {
  return (
    <main className={styles['boot']}>
      <Mark size={40} />
      <p role="alert">
        The page could not be displayed: {error instanceof Error ? error.message : String(error)} Your runs
        are saved.
      </p>
      <Button look="main" onClick={() => location.reload()}>
        Reload
      </Button>
    </main>
  );
}
