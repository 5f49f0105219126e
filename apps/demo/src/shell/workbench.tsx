import { Suspense, useMemo, type ReactElement } from 'react';
import { useRunner } from '@longhaul/react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { demoAgent } from '../agent/demo-agent.ts';
import { chosenModel } from '../config/chosen-model.ts';
import type { DemoConfig } from '../config/demo-config.ts';
import { nameRun } from '../run/run-titles.ts';
import { useStoredValue } from '../storage/stored-value.ts';
import { TaskPanel } from '../tasks/task-panel.tsx';
import { Notice } from '../ui/notice.tsx';
import { ContactNote } from './contact-note.tsx';
import { Header } from './header.tsx';
import { Intro } from './intro.tsx';
import { Inspector, preloadRunParts, RunPage } from './run-parts.ts';
import { RunSkeleton } from '../run/run-skeleton.tsx';
import styles from './workbench.module.css';

/** The page: tasks and runs on the left, the run in the middle, the inspector on the right. */
export function Workbench({ config }: { readonly config: DemoConfig }): ReactElement {
  const runner = useRunner();
  const [location, navigate] = useLocation();
  const chosen = useStoredValue(chosenModel);
  const model = config.models.find((name) => name === chosen) ?? config.models[0] ?? '';
  const agent = useMemo(() => demoAgent(model), [model]);
  const start = (task: string, title = task): void => {
    const run = runner.start(agent, task);
    nameRun(run.id, title);
    navigate(`/runs/${run.id}`);
  };
  return (
    <div
      className={styles['workbench']}
      data-place={location.startsWith('/runs/') ? 'run' : 'start'}
      onPointerOver={preloadRunParts}
      onFocus={preloadRunParts}
    >
      <Header config={config} model={model} />
      <aside className={styles['tasks']} aria-label="Tasks and runs">
        <TaskPanel start={start} />
      </aside>
      <main className={styles['main']}>
        <Switch>
          <Route path="/runs/:runId">
            {({ runId }) => (
              <Suspense fallback={<RunSkeleton />}>
                <RunPage key={runId} agent={agent} runId={runId} config={config} />
              </Suspense>
            )}
          </Route>
          <Route path="/">
            <Intro start={start} />
          </Route>
          <Route>
            <Notice title="Page not found" text="The demo has no page at this address.">
              <Link href="/">Go to the start page</Link>
            </Notice>
          </Route>
        </Switch>
      </main>
      <Route path="/runs/:runId">
        {({ runId }) => (
          <aside className={styles['inspector']} aria-label="Run inspector">
            <Suspense fallback={<span />}>
              <Inspector key={runId} agent={agent} runId={runId} config={config} />
            </Suspense>
          </aside>
        )}
      </Route>
      <ContactNote />
    </div>
  );
}
