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
  const facts = [
    { name: 'Time', value: formatDuration(elapsed), about: 'From the question to the end of the answer' },
    {
      name: 'Creates',
      value: String(attempts.length),
      about: 'POST /responses: one for each iteration, and one for each retry',
    },
    {
      name: 'Polls',
      value: String(polls),
      about: 'GET /responses/{id}: requests for the status while the response is pending',
    },
    {
      name: 'Tokens',
      value: formatCount(view.usage.totalTokens),
      about: 'Input and output of all iterations, as the API reports them',
    },
  ];
  return (
    <dl className={styles['facts']}>
      {facts.map(({ name, value, about }) => (
        <div key={name} title={about}>
          <dt>
            {name}
            <span className="visually-hidden"> ({about})</span>
          </dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
