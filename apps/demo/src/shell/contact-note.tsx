import type { ReactElement } from 'react';
import { setUnplugged, useUnplugged } from '../runner/page-network.ts';
import { useServerIsAway } from '../runner/server-contact.ts';
import { Button } from '../ui/button.tsx';
import styles from './contact-note.module.css';

/** Says, wherever on the page one is, that nothing can be reached at the moment, and that this is no reason to worry. */
export function ContactNote(): ReactElement {
  const isUnplugged = useUnplugged();
  const isAway = useServerIsAway();
  return (
    <div className={styles['place']} role="status" aria-label="Contact with the server">
      {isUnplugged && (
        <p className={styles['note']}>
          <strong>Unplugged.</strong> Nothing leaves this page.
          <Button onClick={() => setUnplugged(false)}>Plug in</Button>
        </p>
      )}
      {isAway && !isUnplugged && (
        <p className={styles['note']}>
          <strong>The server is away.</strong> Runs wait for it, and go on when it is back.
        </p>
      )}
    </div>
  );
}
