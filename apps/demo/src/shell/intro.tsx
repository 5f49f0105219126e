import { PlugZap, RefreshCw, Route, ServerCrash } from 'lucide-react';
import type { AgentThreadResult } from '@longhaul/react';
import { lazy, Suspense, useState, type ReactElement, type ReactNode } from 'react';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import { Composer } from '../composer/composer.tsx';
import { SimulatedHint } from '../composer/simulated-hint.tsx';
import { retryOnFailure } from '../retry-on-failure.ts';
import type { LoopPlace } from '../runner/loop-place.ts';
import { pageTasks } from '../tasks/page-tasks.ts';
import { ScenarioList } from '../tasks/scenario-list.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import styles from './intro.module.css';
import type { IntroTexts } from './intro-texts.ts';

const pageTrials: IntroTexts['trials'] = [
  {
    icon: Route,
    title: 'Watch an answer',
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

function Chat({ threadId, navigate }) {
  const thread = useAgentThread({ agent, threadId, onThreadId: navigate });
  return (
    <>
      {thread.turns.map((turn) => turn.parts.map((part) => <Part key={part.key} part={part} />))}
      <Composer onSend={(text) => thread.send(text)} onStop={thread.stop} />
    </>
  );
}`;

const pageTexts: IntroTexts = {
  tasks: pageTasks,
  lead: "Runs of minutes or hours over OpenAI's Responses API, driven from this page. Ask something, then try to stop it.",
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
  const { serverTexts, workerTexts } = await loadServerTexts();
  return {
    default: (props: IntroProps) => (
      <IntroPage {...props} {...(props.hasWorkers ? workerTexts : serverTexts)} place="server" />
    ),
  };
});

const Starter = lazy(async () => {
  const { Starter: component } = await retryOnFailure(() => import('./starter.tsx'));
  return { default: component };
});

interface IntroProps {
  readonly agent: ShownAgent;
  /** Shows a conversation that was started here. */
  readonly open: (threadId: string) => void;
  readonly isSimulated: boolean;
  /** Whether worker processes drive the runs of the server. */
  readonly hasWorkers: boolean;
  /** The number of conversations that wait for the visitor. */
  readonly waiting: number;
  /** The choice of the loop, if the header has no space for it. */
  readonly settings: ReactNode;
}

/** The start page: explains the demo, and offers tasks to begin with. */
export function Intro({ place, ...props }: IntroProps & { readonly place: LoopPlace }): ReactElement {
  if (place === 'page') return <IntroPage {...pageTexts} {...props} place={place} />;
  return (
    <Suspense fallback={<span />}>
      <ServerIntro {...props} />
    </Suspense>
  );
}

function IntroPage(props: IntroProps & IntroTexts & { readonly place: LoopPlace }): ReactElement {
  const { place, agent, open, isSimulated, waiting, settings, tasks, lead, trials, caption, example } = props;
  const [starter] = useState(() => Promise.withResolvers<AgentThreadResult['send']>());
  const [isStarting, setStarting] = useState(false);
  const send: AgentThreadResult['send'] = async (...message) => {
    setStarting(true);
    await (await starter.promise)(...message);
  };
  const [problem, setProblem] = useState<string>();
  usePageTitle(undefined, waiting);
  return (
    <>
      <div className={styles['scroll']}>
        <div className={styles['intro']}>
          <div className={styles['pitch']}>
            <h2 className={styles['title']}>Agent runs that finish.</h2>
            <p className={styles['lead']}>{lead}</p>
            {settings}
          </div>
          <section aria-labelledby="tasks-title" className={styles['tasks']}>
            <h3 id="tasks-title" className={styles['heading']}>
              Start a task
            </h3>
            <ScenarioList
              tasks={tasks}
              start={({ prompt, title }) =>
                void send(prompt, { title }).catch((error: unknown) => setProblem(String(error)))
              }
            />
            {problem !== undefined && <p role="alert">{problem}</p>}
          </section>
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
      </div>
      <Suspense>{isStarting && <Starter agent={agent} open={open} ready={starter.resolve} />}</Suspense>
      <div className={styles['dock']}>
        <Composer
          draft={`${place}.new`}
          placeholder="Ask something of your own …"
          send={(input) => send(input)}
          hint={isSimulated ? <SimulatedHint /> : undefined}
        />
      </div>
    </>
  );
}
