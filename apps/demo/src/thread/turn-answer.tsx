import type { IterationView } from '@longhaul/core';
import { formatRunStatus } from '@longhaul/react';
import type { ReactElement } from 'react';
import type { DemoPart, DemoTurn, DemoView } from '../run/demo-call.ts';
import { isPageCall } from '../run/page-call.ts';
import type { Decide } from '../run/sent-decisions.ts';
import { formatDuration, shortId } from '../ui/format.ts';
import { iterationAnchor } from './anchors.ts';
import { PartView } from './part-view.tsx';
import { partsOfRun } from './turn-runs.ts';
import styles from './turn-answer.module.css';
import warningStyles from './warnings.module.css';

/** Shows the answer of a turn: its parts in their order, by run and iteration, and its warnings. */
export function TurnAnswer({
  turn,
  runs,
  decide,
}: {
  readonly turn: DemoTurn;
  /** The runs of the turn, oldest first. */
  readonly runs: readonly DemoView[];
  /** Undefined if no decision can be made. */
  readonly decide: Decide | undefined;
}): ReactElement {
  const runIds = runs.map(({ runId }) => runId);
  return (
    <>
      {runs.map((run, index) => (
        <RunAnswer
          key={run.runId}
          run={run}
          parts={partsOfRun(turn.parts, runIds, run.runId)}
          before={runs[index - 1]}
          isNewest={run.runId === turn.runId}
          decide={decide}
        />
      ))}
    </>
  );
}

/** Shows the iterations of one run of a turn. */
function RunAnswer(props: {
  readonly run: DemoView;
  readonly parts: readonly DemoPart[];
  /** The run that this run continues in the turn. */
  readonly before: DemoView | undefined;
  /** Whether the run has the answer of the turn. */
  readonly isNewest: boolean;
  readonly decide: Decide | undefined;
}): ReactElement {
  const { run, parts, before, isNewest, decide } = props;
  const last = run.iterations.at(-1)?.index ?? 0;
  const shared = { isForPage: (call: Parameters<typeof isPageCall>[1]) => isPageCall(run, call), decide };
  return (
    <>
      {before !== undefined && (
        <p className={styles['retried']}>{formatRunStatus(before.status)}, and continued here</p>
      )}
      {run.iterations.map((iteration) => (
        <section
          key={iteration.index}
          id={iterationAnchor(run.runId, iteration.index)}
          className={styles['iteration']}
          aria-label={`Iteration ${iteration.index + 1}`}
        >
          <IterationHeader iteration={iteration} />
          {parts
            .filter((part) => Math.min(part.iteration, last) === iteration.index)
            .map((part) => (
              <PartView
                key={part.key}
                part={part}
                isAnswer={
                  isNewest &&
                  part.type === 'text' &&
                  iteration.index === run.iteration &&
                  part.phase !== 'commentary'
                }
                {...shared}
              />
            ))}
        </section>
      ))}
      {run.iterations.length === 0 &&
        parts.map((part) => <PartView key={part.key} part={part} {...shared} />)}
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
      {iteration.endedAt !== undefined && attempt?.mode === 'stream' && <span>streamed</span>}
      {polls > 0 && <span>{polls === 1 ? '1 poll' : `${polls} polls`}</span>}
      {reconnects > 0 && <span>{reconnects === 1 ? '1 reconnect' : `${reconnects} reconnects`}</span>}
      {attempt !== undefined && attempt.strategy === 'replay' && <span>replayed</span>}
      {iteration.attempts.length > 1 && <span>{iteration.attempts.length} attempts</span>}
    </header>
  );
}
