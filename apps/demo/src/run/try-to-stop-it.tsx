import { useMutation } from '@tanstack/react-query';
import { PlugZap, RefreshCw, ServerCrash, Unplug } from 'lucide-react';
import type { ReactElement } from 'react';
import { setUnplugged, useUnplugged } from '../runner/page-network.ts';
import { makeTrouble } from '../trouble/trouble-state.ts';
import { Button } from '../ui/button.tsx';
import styles from './try-to-stop-it.module.css';

/** The troubles that convince most, right where the run is watched; the inspector has all of them. */
export function TryToStopIt({ canBeKilled }: { readonly canBeKilled: boolean }): ReactElement {
  const strike = useMutation({ mutationFn: makeTrouble });
  const unplugged = useUnplugged();
  return (
    <div className={styles['strip']} role="group" aria-label="Try to stop it">
      <span className={styles['lead']}>Try to stop it:</span>
      <Button look="quiet" onClick={() => location.reload()}>
        <RefreshCw size={14} aria-hidden="true" /> Reload
      </Button>
      <Button look="quiet" onClick={() => strike.mutate({ name: 'cut', on: true })}>
        <PlugZap size={14} aria-hidden="true" /> Cut the stream
      </Button>
      <Button look="quiet" aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
        <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Plug in again' : 'Unplug the page'}
      </Button>
      {canBeKilled && (
        <Button look="quiet" onClick={() => strike.mutate({ name: 'kill', on: true })}>
          <ServerCrash size={14} aria-hidden="true" /> Kill the server
        </Button>
      )}
    </div>
  );
}
