import type { WaitingView } from '@longhaul/core';
import { useMutation } from '@tanstack/react-query';
import { PlugZap, RefreshCw, ServerCrash, Unplug } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { chosenConnection } from '../runner/connection.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { setUnplugged, useUnplugged } from '../runner/page-network.ts';
import { useServerIsAway } from '../runner/server-contact.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { injectFault } from '../faults/fault-state.ts';
import { Button } from '../ui/button.tsx';
import styles from './try-to-stop-it.module.css';

/**
 * Buttons for the most common faults, next to the run's status. The inspector has all faults.
 *
 * @param mode How the run waits now: only an open stream can be cut
 */
export function TryToStopIt(props: {
  readonly place: LoopPlace;
  readonly canBeKilled: boolean;
  readonly mode: WaitingView['mode'] | undefined;
  /** More buttons, before the others. */
  readonly children?: ReactNode;
}): ReactElement {
  const injection = useMutation({ mutationFn: injectFault });
  const unplugged = useUnplugged();
  // The server also serves the page, so a reload would show the browser's error page.
  const isAway = useServerIsAway();
  const chosen = useStoredValue(chosenConnection);
  const polls = (props.place === 'page' && chosen === 'poll') || props.mode === 'poll';
  return (
    <div className={styles['strip']} role="group" aria-label="Try to stop it">
      <span className={styles['lead']}>Try to stop it:</span>
      {props.children}
      <Button look="quiet" disabled={isAway} onClick={() => location.reload()}>
        <RefreshCw size={14} aria-hidden="true" /> Reload
      </Button>
      <Button
        look="quiet"
        disabled={isAway}
        onClick={() => injection.mutate({ name: polls ? 'fail-poll' : 'cut', on: true })}
      >
        <PlugZap size={14} aria-hidden="true" /> {polls ? 'Fail two polls' : 'Cut the stream'}
      </Button>
      <Button look="quiet" aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
        <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Go online' : 'Go offline'}
      </Button>
      {props.canBeKilled && (
        <Button look="quiet" disabled={isAway} onClick={() => injection.mutate({ name: 'kill', on: true })}>
          <ServerCrash size={14} aria-hidden="true" /> Kill the server
        </Button>
      )}
    </div>
  );
}
