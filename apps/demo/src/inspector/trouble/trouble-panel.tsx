import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { AppWindow, RefreshCw, Unplug } from 'lucide-react';
import type { ReactElement } from 'react';
import type { DemoView } from '../../run/demo-call.ts';
import { setUnplugged, useUnplugged } from '../../runner/page-network.ts';
import { troubles, type Trouble } from '../../trouble/troubles.ts';
import { Button } from '../../ui/button.tsx';
import { makeTrouble, troubleStateOptions } from '../../trouble/trouble-state.ts';
import styles from './trouble-panel.module.css';

/** Ways to break the run, at the server and at the page. The timeline shows how it heals. */
export function TroublePanel(props: {
  readonly view: DemoView;
  readonly canBeKilled: boolean;
}): ReactElement {
  const { view, canBeKilled } = props;
  const queryClient = useQueryClient();
  const { data: state } = useQuery(troubleStateOptions);
  const strike = useMutation({
    mutationFn: makeTrouble,
    onSuccess: (next) => queryClient.setQueryData(troubleStateOptions.queryKey, next),
  });
  const unplugged = useUnplugged();
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
          <Row
            title={unplugged ? 'Plug the page in again' : 'Unplug the page'}
            text="No request leaves it, and open streams break, as when a laptop closes. Plugged in, it goes on at once."
            isOn={unplugged}
          >
            <Button aria-pressed={unplugged} onClick={() => setUnplugged(!unplugged)}>
              <Unplug size={14} aria-hidden="true" /> {unplugged ? 'Plug in' : 'Unplug'}
            </Button>
          </Row>
          <Row
            title="Reload the page"
            text="The run is taken up from this browser's storage, where it stands."
          >
            <Button onClick={() => location.reload()}>
              <RefreshCw size={14} aria-hidden="true" /> Reload
            </Button>
          </Row>
          <Row
            title="Open a second tab"
            text="One tab drives, the others follow live; close it, and another takes over."
          >
            <Button onClick={() => window.open(`/runs/${view.runId}`, '_blank', 'noopener')}>
              <AppWindow size={14} aria-hidden="true" /> Open
            </Button>
          </Row>
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
                strike={(on) => strike.mutate({ name: trouble.name, on })}
              />
            ))}
        </ul>
        {strike.error !== null && (
          <p role="alert" className={styles['problem']}>
            {strike.error.message}
          </p>
        )}
      </section>
    </div>
  );
}

function ServerTrouble(props: {
  readonly trouble: Trouble;
  readonly isOn: boolean;
  readonly strike: (on: boolean) => void;
}): ReactElement {
  const { trouble, isOn, strike } = props;
  const label = trouble.lasts ? (isOn ? 'Switch off' : 'Switch on') : 'Do it';
  return (
    <Row title={trouble.title} text={trouble.text} isOn={isOn}>
      <Button
        aria-label={`${label}: ${trouble.title}`}
        aria-pressed={trouble.lasts ? isOn : undefined}
        onClick={() => strike(!isOn)}
      >
        {label}
      </Button>
    </Row>
  );
}

function Row(props: {
  readonly title: string;
  readonly text: string;
  readonly isOn?: boolean;
  readonly children: ReactElement;
}): ReactElement {
  return (
    <li className={styles['row']} data-on={props.isOn === true ? '' : undefined}>
      <div>
        <h4 className={styles['title']}>{props.title}</h4>
        <p className={styles['text']}>{props.text}</p>
      </div>
      {props.children}
    </li>
  );
}
