import { useQuery } from '@tanstack/react-query';
import { AppWindow, RefreshCw, Unplug } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DemoView } from '../../run/demo-call.ts';
import { setUnplugged, useUnplugged } from '../../runner/page-network.ts';
import { threadPath, type LoopPlace } from '../../runner/loop-place.ts';
import { useServerIsAway } from '../../runner/server-contact.ts';
import { faultStateOptions } from '../../faults/fault-state.ts';
import { demoFaults } from '../../faults/demo-faults.ts';
import { Button } from '../../ui/button.tsx';
import { ServerFault } from './server-fault.tsx';
import { FaultRow } from './fault-row.tsx';
import styles from './fault-panel.module.css';

/** The faults of the page, by the place of the loop. */
const pageTexts = {
  page: {
    long: 'A yearly weather report',
    offline: 'Requests fail and open streams break. When the page is online again, the run continues.',
    reload: "The run resumes from this browser's storage.",
    tab: 'One tab drives the run, the others follow it live. When that tab closes, another takes over.',
  },
  server: {
    long: 'A yearly sales report',
    offline:
      'The page sees nothing, but the server continues the run. When the page is online again, it shows the rest.',
    reload: 'The run continues on the server. The page asks for its view, and shows it.',
    tab: 'All tabs watch the run. A tool of the page runs in one of them.',
  },
} as const satisfies Readonly<Record<LoopPlace, unknown>>;

/** Faults to inject in the page and at the server. The timeline shows how the run recovers. */
export function FaultPanel(props: {
  readonly view: DemoView;
  readonly place: LoopPlace;
  readonly canBeKilled: boolean;
}): ReactElement {
  const { view, place, canBeKilled } = props;
  const texts = pageTexts[place];
  const { data: state } = useQuery(faultStateOptions);
  const unplugged = useUnplugged();
  const isAway = useServerIsAway();
  return (
    <div className={styles['panel']}>
      <p className={styles['lead']}>
        Inject a fault while the run is active, then look at the timeline. The task “{texts.long}” runs long
        enough.
        {state !== undefined &&
          ` The model has generated ${state.generations} responses so far, including discarded ones.`}
      </p>
      <section aria-labelledby="page-faults">
        <h3 id="page-faults" className={styles['heading']}>
          In this page
        </h3>
        <ul className={styles['list']}>
          <FaultRow
            title={unplugged ? 'Take the page online' : 'Take the page offline'}
            text={texts.offline}
            isOn={unplugged}
          >
            <Button aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
              <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Go online' : 'Go offline'}
            </Button>
          </FaultRow>
          <FaultRow title="Reload the page" text={texts.reload}>
            <Button disabled={isAway} onClick={() => location.reload()}>
              <RefreshCw size={14} aria-hidden="true" /> Reload
            </Button>
          </FaultRow>
          <FaultRow title="Open a second tab" text={texts.tab}>
            <Button
              disabled={isAway}
              onClick={() => window.open(threadPath(place, view.threadId), '_blank', 'noopener')}
            >
              <AppWindow size={14} aria-hidden="true" /> Open
            </Button>
          </FaultRow>
        </ul>
      </section>
      <section aria-labelledby="server-faults">
        <h3 id="server-faults" className={styles['heading']}>
          At the server
        </h3>
        {place === 'server' && (
          <p className={styles['where']}>
            The loop and the simulated model are both in the server’s process. The faults are between them.
            The loop streams responses, so the fault of polls is not in this list. After a kill, the claim of
            the killed process ends within 15 seconds. Then the next process continues the run.
          </p>
        )}
        <ul className={styles['list']}>
          {demoFaults
            .filter(({ name }) => name !== 'kill' || canBeKilled)
            .filter(({ needs }) => place === 'page' || needs !== 'poll')
            .map((fault) => (
              <ServerFault
                key={fault.name}
                fault={fault}
                place={place}
                isOn={state?.on.includes(fault.name) === true}
              />
            ))}
        </ul>
      </section>
    </div>
  );
}
