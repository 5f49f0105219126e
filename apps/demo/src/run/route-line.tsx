import { isTerminalRun } from '@longhaul/core';
import { formatRunStatus } from '@longhaul/react';
import { useEffect, useRef, useState, type ReactElement } from 'react';
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

/** Shows the run's progress as a route: one station per iteration and per group of tool calls, and the answer as the end. */
export function RouteLine({ view }: { readonly view: DemoView }): ReactElement {
  const stations = stationsOf(view);
  const summary = `Iteration ${view.iteration + 1}, ${formatRunStatus(view.status)}`;
  const count = stations.length;
  const route = useRef<HTMLOListElement>(null);
  const [scrolls, setScrolls] = useState(false);
  useEffect(() => {
    if (route.current === null || count === 0) return;
    const { scrollWidth, clientWidth } = route.current;
    // Scroll a long route to its end, which is the current state.
    route.current.scrollLeft = scrollWidth;
    setScrolls(scrollWidth > clientWidth);
  }, [count]);
  return (
    <ol
      ref={route}
      // A scrollable element must be reachable by keyboard.
      tabIndex={scrolls ? 0 : undefined}
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
