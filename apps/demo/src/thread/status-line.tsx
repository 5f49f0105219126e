import type { ReactElement } from 'react';
import { useUnplugged } from '../runner/page-network.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { useServerIsAway } from '../runner/server-contact.ts';
import type { DemoView } from '../run/demo-call.ts';
import { Countdown } from '../ui/countdown.tsx';
import { StatusPill } from '../ui/status-pill.tsx';
import { DriverPill } from '../workers/driver-pill.tsx';
import { useWorkerList } from '../workers/use-worker-list.ts';
import { statusSentence } from './status-sentence.ts';
import styles from './status-line.module.css';

/** Shows the state of a run in one sentence. */
export function StatusLine(props: {
  readonly view: DemoView;
  readonly place: LoopPlace;
  readonly isActive: boolean;
  /** Whether worker processes drive the runs of the server. */
  readonly hasWorkers: boolean;
  /** Whether this tab has decided about all calls that wait for a person. */
  readonly isDecided: boolean;
  /** Whether this tab has cancelled the run. */
  readonly isStopped: boolean;
}): ReactElement {
  const { view, place, isActive, hasWorkers, isDecided, isStopped } = props;
  const needsWorker = place === 'server' && hasWorkers && isActive;
  const { list, runningCount, isStale } = useWorkerList({ isWanted: needsWorker });
  const hasNoWorker = needsWorker && list !== undefined && !isStale && runningCount === 0;
  const isOffline = useUnplugged();
  const isAway = useServerIsAway();
  const { tone, label, text, next } = statusSentence(
    view,
    place,
    { isOffline, isAway },
    { isDecided, isStopped, hasNoWorker },
  );
  return (
    <p className={styles['line']}>
      <span role="status">
        <StatusPill tone={tone} live={isActive}>
          {label}
        </StatusPill>
      </span>
      <span className={styles['text']}>{text}</span>
      {next !== undefined && (
        <span className={styles['how']}>
          {next.label} <Countdown from={next.from} to={next.to} />
        </span>
      )}
      {needsWorker && <DriverPill runId={view.runId} />}
      {place === 'page' && view.driver === 'elsewhere' && (
        <StatusPill tone="still" quiet>
          driven by another tab
        </StatusPill>
      )}
    </p>
  );
}
