import type { ReactElement } from 'react';
import { useLocation } from 'wouter';
import { preloadServerRunner } from '../runner/demo-runner.tsx';
import { chosenPlace, type LoopPlace } from '../runner/loop-place.ts';
import { ChoiceRow, type Choice } from '../ui/choice-row.tsx';
import { preloadServerIntro } from './intro.tsx';

const choices: readonly Choice<LoopPlace>[] = [
  { value: 'page', label: 'In this page', title: 'This page drives the runs, and saves them in the browser' },
  {
    value: 'server',
    label: 'On the server',
    title: 'The server drives the runs, and saves them in its database. This page watches them',
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
    <ChoiceRow
      legend="Loop"
      choices={choices}
      chosen={place}
      choose={(chosen) => {
        chosenPlace.write(chosen);
        // A run belongs to one place.
        navigate('/');
      }}
      prepare={preloadServer}
    />
  );
}
