import { useQuery } from '@tanstack/react-query';
import { AppWindow, RefreshCw, Unplug } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DemoView } from '../../run/demo-call.ts';
import { setUnplugged, useUnplugged } from '../../runner/page-network.ts';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { troubleStateOptions } from '../../trouble/trouble-state.ts';
import { troubles } from '../../trouble/troubles.ts';
import { Button } from '../../ui/button.tsx';
import { ServerTrouble } from './server-trouble.tsx';
import { TroubleRow } from './trouble-row.tsx';
import styles from './trouble-panel.module.css';

/** Ways to break the run, at the server and at the page. The timeline shows how it heals. */
export function TroublePanel(props: {
  readonly view: DemoView;
  readonly canBeKilled: boolean;
}): ReactElement {
  const { view, canBeKilled } = props;
  const { data: state } = useQuery(troubleStateOptions);
  const unplugged = useUnplugged();
  const isAway = useServerIsAway();
  return (
    <div className={styles['panel']}>
      <p className={styles['lead']}>
        Break it while it runs, then look at the timeline. Best with “A long haul”.
        {state !== undefined &&
          ` The model has produced ${state.generations} responses so far, wanted or not.`}
      </p>
      <section aria-labelledby="page-trouble">
        <h3 id="page-trouble" className={styles['heading']}>
          At this page
        </h3>
        <ul className={styles['list']}>
          <TroubleRow
            title={unplugged ? 'Plug the page in again' : 'Unplug the page'}
            text="No request leaves it, and open streams break, as when a laptop closes. Plugged in, it goes on."
            isOn={unplugged}
          >
            <Button aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
              <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Plug in' : 'Unplug'}
            </Button>
          </TroubleRow>
          <TroubleRow
            title="Reload the page"
            text="The run is taken up from this browser's storage, where it stands."
          >
            <Button disabled={isAway} onClick={() => location.reload()}>
              <RefreshCw size={14} aria-hidden="true" /> Reload
            </Button>
          </TroubleRow>
          <TroubleRow
            title="Open a second tab"
            text="One tab drives, the others follow live; close it, and another takes over."
          >
            <Button
              disabled={isAway}
              onClick={() => window.open(`/runs/${view.runId}`, '_blank', 'noopener')}
            >
              <AppWindow size={14} aria-hidden="true" /> Open
            </Button>
          </TroubleRow>
        </ul>
      </section>
      <section aria-labelledby="server-trouble">
        <h3 id="server-trouble" className={styles['heading']}>
          At the server
        </h3>
        <ul className={styles['list']}>
          {troubles
            .filter(({ name }) => name !== 'kill' || canBeKilled)
            .map((trouble) => (
              <ServerTrouble
                key={trouble.name}
                trouble={trouble}
                isOn={state?.on.includes(trouble.name) === true}
              />
            ))}
        </ul>
      </section>
    </div>
  );
}
