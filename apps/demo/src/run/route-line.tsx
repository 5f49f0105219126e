import { isTerminalRun } from '@longhaul/core';
import { formatRunStatus } from '@longhaul/react';
import { useEffect, useRef, type ReactElement } from 'react';
import type { Tone } from '../ui/run-status-text.ts';
import type { DemoView } from './demo-call.ts';
import { stationsOf, type Station } from './stations.ts';
import styles from './route-line.module.css';

const toneOf: Readonly<Record<Station['state'], Tone>> = {
  passed: 'good',
  queued: 'queued',
  working: 'working',
  tools: 'tools',
  person: 'person',
  failed: 'bad',
  stopped: 'still',
  ahead: 'still',
};

/** The run as a route: a station for each leg and each round of tools, and the answer at the end. */
export function RouteLine({ view }: { readonly view: DemoView }): ReactElement {
  const stations = stationsOf(view);
  const summary = `Leg ${view.iteration + 1}, ${formatRunStatus(view.status)}`;
  const count = stations.length;
  const route = useRef<HTMLOListElement>(null);
  useEffect(() => {
    // A long route is wider than its place: where the run is, is at its end.
    if (route.current !== null && count > 0) route.current.scrollLeft = route.current.scrollWidth;
  }, [count]);
  return (
    <ol
      ref={route}
      className={styles['route']}
      aria-label={summary}
      data-live={isTerminalRun(view.status) ? undefined : ''}
    >
      {stations.map((station) => (
        <li
          key={station.key}
          className={styles['station']}
          data-tone={toneOf[station.state]}
          data-state={station.state}
          data-kind={station.kind}
        >
          <span className={styles['mark']} />
          <span className={styles['label']}>{station.label}</span>
        </li>
      ))}
    </ol>
  );
}
