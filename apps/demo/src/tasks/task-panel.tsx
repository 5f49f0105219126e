import type { ReactElement } from 'react';
import type { LoopPlace } from '../runner/loop-place.ts';
import { Composer } from './composer.tsx';
import { NotebookList } from './notebook-list.tsx';
import { RunList } from './run-list.tsx';
import { ScenarioList } from './scenario-list.tsx';
import styles from './task-panel.module.css';

/** Tasks to start, and the runs so far. */
export function TaskPanel({
  place,
  start,
}: {
  readonly place: LoopPlace;
  readonly start: (task: string, title?: string) => void;
}): ReactElement {
  return (
    <div className={styles['panel']}>
      <section aria-labelledby="tasks-title" className={styles['section']}>
        <h2 id="tasks-title" className={styles['heading']}>
          Start a task
        </h2>
        <Composer start={start} />
        <ScenarioList place={place} start={({ prompt, title }) => start(prompt, title)} />
      </section>
      <section aria-labelledby="runs-title" className={styles['section']}>
        <h2 id="runs-title" className={styles['heading']}>
          Runs
        </h2>
        <RunList place={place} />
      </section>
      {place === 'page' && <NotebookList />}
    </div>
  );
}
