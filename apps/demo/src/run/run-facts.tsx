import { useElapsed } from '@longhaul/react';
import type { ReactElement } from 'react';
import { formatCount, formatDuration } from '../ui/format.ts';
import type { DemoView } from './demo-call.ts';
import styles from './run-facts.module.css';

/** Shows the run's time, requests and tokens so far. */
export function RunFacts({ view }: { readonly view: DemoView }): ReactElement {
  const elapsed = useElapsed(view, { intervalMs: 100 }) ?? 0;
  const attempts = view.iterations.flatMap((iteration) => iteration.attempts);
  const polls = attempts.reduce((sum, attempt) => sum + attempt.polls, 0);
  return (
    <dl className={styles['facts']}>
      <div>
        <dt>Time</dt>
        <dd>{formatDuration(elapsed)}</dd>
      </div>
      <div title="POST /responses: one for each iteration, and one for each retry">
        <dt>Creates</dt>
        <dd>{attempts.length}</dd>
      </div>
      <div title="GET /responses/{id}: requests for the status">
        <dt>Polls</dt>
        <dd>{polls}</dd>
      </div>
      <div>
        <dt>Tokens</dt>
        <dd>{formatCount(view.usage.totalTokens)}</dd>
      </div>
    </dl>
  );
}
