import type { ErrorView } from '@longhaul/core';
import { formatRunStatus, useAgentRun } from '@longhaul/react';
import { RotateCcw, Square } from 'lucide-react';
import type { ReactElement } from 'react';
import { Link, useLocation } from 'wouter';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { RunSkeleton } from './run-skeleton.tsx';
import { runPath, type LoopPlace } from '../runner/loop-place.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { Button } from '../ui/button.tsx';
import { runStatusTone } from '../ui/run-status-text.ts';
import { StatusPill } from '../ui/status-pill.tsx';
import { Notice } from '../ui/notice.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { useStickToEnd } from '../ui/use-stick-to-end.ts';
import type { DemoView } from './demo-call.ts';
import { FollowUp } from './follow-up.tsx';
import { inputText } from './input-text.ts';
import { NowLine } from './now-line.tsx';
import { shownStatus } from './page-call.ts';
import { RunFacts } from './run-facts.tsx';
import { RouteLine } from './route-line.tsx';
import { RunStory } from './run-story.tsx';
import { nameRun, runTitles } from './run-titles.ts';
import styles from './run-page.module.css';
import { TryToStopIt } from './try-to-stop-it.tsx';

/** Shows one run live: its progress, its current state, its iterations, and the actions on it. */
export function RunPage(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly runId: string;
  readonly config: DemoConfig;
}): ReactElement {
  const { agent, place, runId, config } = props;
  const [, navigate] = useLocation();
  const run = useAgentRun({
    agent,
    runId,
    resume: 'auto',
    onRunId: (next) => navigate(next === undefined ? '/' : runPath(place, next)),
  });
  const titles = useStoredValue(runTitles);
  const end = useStickToEnd(run.view);
  const { view } = run;
  const task = view === undefined ? '' : inputText(view.input);
  const title = titles[runId] ?? task;
  const status = view === undefined ? undefined : shownStatus(view);
  usePageTitle(status === undefined ? undefined : `${formatRunStatus(status)}: ${title}`);
  if (view === undefined || status === undefined)
    return run.error === undefined ? <RunSkeleton /> : <Missing error={run.error} place={place} />;
  return (
    <article className={styles['page']} aria-labelledby="run-title">
      <header className={styles['head']}>
        <div className={styles['titleRow']}>
          <h2 id="run-title" className={styles['title']}>
            {title === '' ? 'Continued run' : title}
          </h2>
          <RunActions
            view={view}
            cancel={() => void run.cancel()}
            retry={() => {
              run.retry().then(
                ({ id }) => nameRun(id, title),
                () => undefined,
              );
            }}
          />
        </div>
        {task !== title && task !== '' && <p className={styles['task']}>{task}</p>}
      </header>
      <section className={styles['now']} aria-label="Run status">
        <div className={styles['statusRow']}>
          <span role="status">
            <StatusPill tone={runStatusTone[status]} live={run.isActive}>
              {formatRunStatus(status)}
            </StatusPill>
          </span>
          {place === 'page' && view.driver === 'elsewhere' && (
            <StatusPill tone="still" quiet>
              driven by another tab
            </StatusPill>
          )}
          <RunFacts view={view} />
        </div>
        <RouteLine view={view} />
        <NowLine view={view} />
        {run.isActive && config.mode === 'emulator' && (
          <TryToStopIt place={place} canBeKilled={config.canBeKilled} mode={view.waiting?.mode} />
        )}
      </section>
      {run.error !== undefined && view.error === undefined && (
        <p className={styles['problem']} role="alert">
          {run.error.message}
        </p>
      )}
      <RunStory view={view} decide={(decision) => run.respond([decision])} />
      {run.isTerminal && (
        <FollowUp
          send={(text) => {
            const next = run.send(text);
            nameRun(next.id, text);
          }}
        />
      )}
      <div ref={end} className={styles['end']} />
    </article>
  );
}

function RunActions(props: {
  readonly view: DemoView;
  readonly cancel: () => void;
  readonly retry: () => void;
}): ReactElement | null {
  const { view, cancel, retry } = props;
  switch (view.status) {
    case 'queued':
    case 'in_progress':
    case 'running_tools':
    case 'requires_action':
      return (
        <Button onClick={cancel}>
          <Square size={13} aria-hidden="true" /> Cancel
        </Button>
      );
    case 'failed':
    case 'incomplete':
    case 'cancelled':
      return (
        <Button onClick={retry}>
          <RotateCcw size={14} aria-hidden="true" /> Continue
        </Button>
      );
    case 'cancelling':
    case 'completed':
      return null;
  }
}

function Missing({ error, place }: { readonly error: ErrorView; readonly place: LoopPlace }): ReactElement {
  if (place === 'server' && error.code === 'not_found') {
    return (
      <Notice
        title="The server has no such run of yours"
        text="The run belongs to another visitor, or it was removed."
      >
        <Link href="/">Start another run</Link>, or choose a run from the list.
      </Notice>
    );
  }
  // The store does not contain the run.
  const isUnknown = error.code === 'configuration';
  return (
    <Notice
      title={isUnknown ? 'This run is not in this browser' : 'The run could not be opened'}
      text={
        isUnknown
          ? 'Runs are stored in the browser that started them. This run was started in another browser, or it was removed.'
          : error.message
      }
    >
      <Link href="/">Start another run</Link>, or choose a run from the list.
    </Notice>
  );
}
