import type { ReactElement } from 'react';
import { setUnplugged, useUnplugged } from '../runner/page-network.ts';
import { useServerIsAway } from '../runner/server-contact.ts';
import { Button } from '../ui/button.tsx';
import styles from './contact-note.module.css';

/** Shows on every page that the server cannot be reached, and that runs wait for it. */
export function ContactNote(): ReactElement {
  const isUnplugged = useUnplugged();
  const isAway = useServerIsAway();
  return (
    <div className={styles['place']} role="status" aria-label="Server connection">
      {isUnplugged && (
        <p className={styles['note']}>
          <strong>Offline.</strong> This page sends no requests.
          <Button onClick={() => setUnplugged(false)}>Go online</Button>
        </p>
      )}
      {isAway && !isUnplugged && (
        <p className={styles['note']}>
          <strong>The server is not responding.</strong> Runs wait and continue when it is back.
        </p>
      )}
    </div>
  );
}
