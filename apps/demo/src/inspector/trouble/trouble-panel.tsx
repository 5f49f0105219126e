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

/** Faults to inject in the page and at the server. The timeline shows how the run recovers. */
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
        Inject a fault while the run is active, then look at the timeline. The task “A long haul” runs long
        enough.
        {state !== undefined &&
          ` The model has generated ${state.generations} responses so far, including discarded ones.`}
      </p>
      <section aria-labelledby="page-trouble">
        <h3 id="page-trouble" className={styles['heading']}>
          In this page
        </h3>
        <ul className={styles['list']}>
          <TroubleRow
            title={unplugged ? 'Take the page online' : 'Take the page offline'}
            text="Requests fail and open streams break, as if the laptop were closed. Online again, the run continues."
            isOn={unplugged}
          >
            <Button aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
              <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Go online' : 'Go offline'}
            </Button>
          </TroubleRow>
          <TroubleRow title="Reload the page" text="The run resumes from this browser's storage.">
            <Button disabled={isAway} onClick={() => location.reload()}>
              <RefreshCw size={14} aria-hidden="true" /> Reload
            </Button>
          </TroubleRow>
          <TroubleRow
            title="Open a second tab"
            text="One tab drives the run, the others follow it live. When that tab closes, another takes over."
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
