import { Play, PlugZap, RefreshCw, Route, ServerCrash } from 'lucide-react';
import { lazy, Suspense, type ReactElement } from 'react';
import { retryOnFailure } from '../retry-on-failure.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { scenarios } from '../scenarios/scenarios.ts';
import { Button } from '../ui/button.tsx';
import styles from './intro.module.css';
import type { IntroTexts } from './intro-texts.ts';

const pageTrials: IntroTexts['trials'] = [
  {
    icon: Route,
    title: 'Watch a run',
    text: 'Each iteration is a background response. Between iterations, tools run in this browser, and their results are sent to the model.',
  },
  {
    icon: RefreshCw,
    title: 'Reload the page',
    text: 'During a response, during a tool call, or while the run waits for you. The run resumes from its last save, with all tool results.',
  },
  {
    icon: PlugZap,
    title: 'Cut the connection',
    text: 'The job continues at the server. The stream resumes from its cursor, or the run polls instead.',
  },
  {
    icon: ServerCrash,
    title: 'Kill the server',
    text: 'The run continues when the server is back. The timeline shows how.',
  },
];

const pageExample = `const agent = defineAgent({ name: 'demo', model: 'gpt-6-astra', tools: [queryData, drawChart] });

function Ask({ runId, navigate }) {
  const run = useAgentRun({ agent, runId, onRunId: navigate });
  return (
    <>
      <button onClick={() => run.start('Is Seattle really rainier?')}>Ask</button>
      <p>{run.status}</p>
      <Markdown text={run.text} />
    </>
  );
}`;

const pageTexts: IntroTexts = {
  lead: "Runs of minutes or hours over OpenAI's Responses API, driven from this page. Start one, then try to stop it.",
  where: ', in this browser',
  trials: pageTrials,
  caption: 'A complete component',
  example: pageExample,
};

const loadServerTexts = () => retryOnFailure(() => import('./server-intro-texts.ts'));

/** Loads the texts before the visitor chooses the server. A failed load is repeated when the texts are needed. */
export function preloadServerIntro(): void {
  loadServerTexts().catch(() => undefined);
}

/** Loaded only for a visitor who chooses the server. */
const ServerIntro = lazy(async () => {
  const { serverTexts } = await loadServerTexts();
  return { default: (props: IntroProps) => <IntroPage {...props} {...serverTexts} place="server" /> };
});

interface IntroProps {
  readonly start: (task: string, title: string) => void;
}

/** The start page: explains the demo, and offers a first task. */
export function Intro({ place, start }: IntroProps & { readonly place: LoopPlace }): ReactElement {
  if (place === 'page') return <IntroPage {...pageTexts} place={place} start={start} />;
  return (
    <Suspense fallback={<span />}>
      <ServerIntro start={start} />
    </Suspense>
  );
}

function IntroPage(props: IntroProps & IntroTexts & { readonly place: LoopPlace }): ReactElement {
  const { place, start, lead, where, trials, caption, example } = props;
  const [first] = scenarios[place];
  return (
    <div className={styles['intro']}>
      <div className={styles['pitch']}>
        <h2 className={styles['title']}>Agent runs that finish.</h2>
        <p className={styles['lead']}>{lead}</p>
        {first !== undefined && (
          <div className={styles['call']}>
            <Button look="main" className={styles['start']} onClick={() => start(first.prompt, first.title)}>
              <Play size={16} aria-hidden="true" /> Start a run
            </Button>
            <p className={styles['task']}>
              “{first.title}” {first.shows}
              {where}.
            </p>
          </div>
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
      <figure className={styles['code']}>
        <figcaption>{caption}</figcaption>
        <pre tabIndex={0} role="region" aria-label={caption}>
          {example}
        </pre>
      </figure>
    </div>
  );
}
