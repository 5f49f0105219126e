import { PlugZap, RefreshCw, Route, ServerCrash, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import { scenarios } from '../scenarios/scenarios.ts';
import { Button } from '../ui/button.tsx';
import styles from './intro.module.css';

const trials: readonly { readonly icon: LucideIcon; readonly title: string; readonly text: string }[] = [
  {
    icon: Route,
    title: 'Watch it travel',
    text: 'Each leg is a background response. Between legs, tools run in this browser and their results go back.',
  },
  {
    icon: RefreshCw,
    title: 'Reload it',
    text: 'Mid-leg, mid-tool, while it waits for you. It is taken up where it stands, and no tool runs twice.',
  },
  {
    icon: PlugZap,
    title: 'Cut its connection',
    text: 'The job goes on at the server. The stream resumes from its cursor, or polling takes over.',
  },
  {
    icon: ServerCrash,
    title: 'Kill the server',
    text: 'Start it again, and the run goes on. The timeline shows how.',
  },
];

/** What a visitor sees first: what this is, and the one thing to do. */
export function Intro({ start }: { readonly start: (task: string, title: string) => void }): ReactElement {
  const [first] = scenarios;
  return (
    <div className={styles['intro']}>
      <div className={styles['pitch']}>
        <h2 className={styles['title']}>Agent runs that arrive.</h2>
        <p className={styles['lead']}>
          Runs of minutes or hours over OpenAI's Responses API, driven from this page. Start one, then try to
          stop it from finishing.
        </p>
        {first !== undefined && (
          <Button look="main" className={styles['start']} onClick={() => start(first.prompt, first.title)}>
            {first.title}
          </Button>
        )}
      </div>
      <ul className={styles['trials']}>
        {trials.map(({ icon: Icon, title, text }) => (
          <li key={title} className={styles['trial']}>
            <Icon size={19} aria-hidden="true" />
            <h3>{title}</h3>
            <p>{text}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
