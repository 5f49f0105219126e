import type { ReactElement } from 'react';
import type { Scenario } from '../scenarios/scenario.ts';
import styles from './scenario-list.module.css';
import type { Task } from './task.ts';

/** Tasks to start with one click. */
export function ScenarioList({
  tasks,
  start,
}: {
  readonly tasks: readonly Task[];
  readonly start: (scenario: Scenario) => void;
}): ReactElement {
  return (
    <ul className={styles['list']}>
      {tasks.map((task) => {
        const Icon = task.icon;
        return (
          <li key={task.id}>
            <button type="button" className={styles['scenario']} onClick={() => start(task)}>
              <Icon size={17} aria-hidden="true" />
              <span className={styles['text']}>
                <span className={styles['title']}>{task.title}</span>
                <span className={styles['shows']}>{task.shows}</span>
              </span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
