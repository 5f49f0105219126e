import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { preloadServerRunner } from '../runner/demo-runner.tsx';
import { chosenPlace, type LoopPlace } from '../runner/loop-place.ts';
import { preloadServerIntro } from './intro.tsx';
import styles from './loop-switch.module.css';

const choices: readonly { readonly place: LoopPlace; readonly label: string; readonly title: string }[] = [
  { place: 'page', label: 'In this page', title: 'This page drives the runs, and saves them in the browser' },
  {
    place: 'server',
    label: 'On the server',
    title: 'The server drives the runs, and saves them with SQLite. This page watches them',
  },
];

/** Loads what the visitor needs after choosing the server. */
function preloadServer(): void {
  preloadServerRunner();
  preloadServerIntro();
}

/** Selects where the loop runs. Each place has its own runs, and its own tasks. */
export function LoopSwitch({ place }: { readonly place: LoopPlace }): ReactElement {
  const [, navigate] = useLocation();
  return (
    <fieldset className={styles['switch']} onPointerOver={preloadServer} onFocus={preloadServer}>
      <legend className={styles['legend']}>Loop</legend>
      {choices.map((choice) => (
        <label key={choice.place} className={styles['choice']} title={choice.title}>
          <input
            type="radio"
            name="loop"
            className={styles['radio']}
            checked={choice.place === place}
            onChange={() => {
              chosenPlace.write(choice.place);
              // A run belongs to one place.
              navigate('/');
            }}
          />
          {choice.label}
        </label>
      ))}
    </fieldset>
  );
}
