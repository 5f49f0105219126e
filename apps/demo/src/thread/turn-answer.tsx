import type { IterationView } from '@longhaul/core';
import type { ReactElement } from 'react';
import type { DemoPart, DemoTurn } from '../run/demo-call.ts';
import { isPageCall } from '../run/page-call.ts';
import type { Decide } from '../run/tool-decision.tsx';
import { formatDuration, shortId } from '../ui/format.ts';
import { iterationAnchor } from './anchors.ts';
import { PartView } from './part-view.tsx';
import styles from './turn-answer.module.css';
import warningStyles from './warnings.module.css';

/** Shows the answer of a turn: its parts in their order, by iteration, and its warnings. */
export function TurnAnswer({
  turn,
  decide,
}: {
  readonly turn: DemoTurn;
  readonly decide: Decide;
}): ReactElement {
  const { run } = turn;
  // A retried turn has the parts of several runs. A retry has no input of its own, and its parts have the run's id.
  const isRetry = run.input.length === 0;
  const isOfRun = ({ key }: DemoPart): boolean => !isRetry || key.startsWith(`${turn.runId}/`);
  const earlier = turn.parts.filter((part) => !isOfRun(part));
  const own = turn.parts.filter(isOfRun);
  const last = run.iterations.at(-1)?.index ?? 0;
  const shared = { isForPage: (call: Parameters<typeof isPageCall>[1]) => isPageCall(run, call), decide };
  return (
    <>
      {earlier.length > 0 && (
        <section className={styles['iteration']} aria-label="Before the retry">
          {earlier.map((part) => (
            <PartView key={part.key} part={part} {...shared} />
          ))}
          <p className={styles['retried']}>Continued here</p>
        </section>
      )}
      {run.iterations.map((iteration) => (
        <section
          key={iteration.index}
          id={iterationAnchor(run.runId, iteration.index)}
          className={styles['iteration']}
          aria-label={`Iteration ${iteration.index + 1}`}
        >
          <IterationHeader iteration={iteration} />
          {own
            .filter((part) => Math.min(part.iteration, last) === iteration.index)
            .map((part) => (
              <PartView
                key={part.key}
                part={part}
                isAnswer={
                  part.type === 'text' && iteration.index === run.iteration && part.phase !== 'commentary'
                }
                {...shared}
              />
            ))}
        </section>
      ))}
      {run.iterations.length === 0 && own.map((part) => <PartView key={part.key} part={part} {...shared} />)}
      {run.warnings.length > 0 && (
        <ul className={warningStyles['warnings']} aria-label="Warnings">
          {run.warnings.map(({ code, message, at }) => (
            <li key={`${at}/${code}`}>
              <code>{code}</code> {message}
            </li>
          ))}
        </ul>
      )}
    </>
  );
}

function IterationHeader({ iteration }: { readonly iteration: IterationView }): ReactElement {
  const attempt = iteration.attempts.at(-1);
  const polls = iteration.attempts.reduce((sum, one) => sum + one.polls, 0);
  const reconnects = iteration.attempts.reduce((sum, one) => sum + one.reconnects, 0);
  return (
    <header className={styles['head']}>
      <h3>Iteration {iteration.index + 1}</h3>
      {iteration.responseId !== null && (
        <code title={iteration.responseId}>{shortId(iteration.responseId)}</code>
      )}
      {iteration.endedAt !== undefined && (
        <span>{formatDuration(iteration.endedAt - iteration.startedAt)}</span>
      )}
      {attempt?.mode === 'stream' && <span>streamed</span>}
      {polls > 0 && <span>{polls === 1 ? '1 poll' : `${polls} polls`}</span>}
      {reconnects > 0 && <span>{reconnects === 1 ? '1 reconnect' : `${reconnects} reconnects`}</span>}
      {attempt !== undefined && attempt.strategy === 'replay' && <span>replayed</span>}
      {iteration.attempts.length > 1 && <span>{iteration.attempts.length} attempts</span>}
    </header>
  );
}
