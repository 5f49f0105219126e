import { Suspense, type ReactElement } from 'react';
import { useRunner } from '@longhaul/react';
import { Link, Route, Switch, useLocation } from 'wouter';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { nameRun } from '../run/run-titles.ts';
import { RunSkeleton } from '../run/run-skeleton.tsx';
import { runPath, runRoutes, type LoopPlace } from '../runner/loop-place.ts';
import { TaskPanel } from '../tasks/task-panel.tsx';
import { Notice } from '../ui/notice.tsx';
import { Intro } from './intro.tsx';
import { Inspector, RunPage } from './run-parts.ts';
import styles from './workbench.module.css';

/** The panes: tasks and runs on the left, the run in the middle, the inspector on the right. */
export function Panes(props: {
  readonly agent: ShownAgent;
  readonly place: LoopPlace;
  readonly config: DemoConfig;
}): ReactElement {
  const { agent, place, config } = props;
  const runner = useRunner();
  const [, navigate] = useLocation();
  const start = (task: string, title = task): void => {
    const run = runner.start(agent, task);
    nameRun(run.id, title);
    navigate(runPath(place, run.id));
  };
  const path = runRoutes[place];
  return (
    <>
      <aside className={styles['tasks']} aria-label="Tasks and runs">
        <TaskPanel place={place} start={start} />
      </aside>
      <main className={styles['main']}>
        <Switch>
          <Route path={path}>
            {({ runId }) => (
              <Suspense fallback={<RunSkeleton />}>
                <RunPage key={runId} agent={agent} place={place} runId={runId} config={config} />
              </Suspense>
            )}
          </Route>
          <Route path="/">
            <Intro place={place} start={start} />
          </Route>
          <Route>
            <Notice title="Page not found" text="The demo has no page at this address.">
              <Link href="/">Go to the start page</Link>
            </Notice>
          </Route>
        </Switch>
      </main>
      <Route path={path}>
        {({ runId }) => (
          <aside className={styles['inspector']} aria-label="Run inspector">
            <Suspense fallback={<span />}>
              <Inspector key={runId} agent={agent} place={place} runId={runId} config={config} />
            </Suspense>
          </aside>
        )}
      </Route>
    </>
  );
}
