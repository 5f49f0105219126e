import { Database, Play, PlugZap, RefreshCw, Route, ServerCrash, type LucideIcon } from 'lucide-react';
import type { ReactElement } from 'react';
import type { LoopPlace } from '../runner/loop-place.ts';
import { scenarios } from '../scenarios/scenarios.ts';
import { Button } from '../ui/button.tsx';
import styles from './intro.module.css';

interface Trial {
  readonly icon: LucideIcon;
  readonly title: string;
  readonly text: string;
}

const pageTrials: readonly Trial[] = [
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

const serverTrials: readonly Trial[] = [
  {
    icon: Database,
    title: 'Tools of the server',
    text: 'A SQL query on the server’s database, and a secret that signs offers. A page can have neither. Other tools run in this page.',
  },
  {
    icon: RefreshCw,
    title: 'Close the page',
    text: 'The server continues the run. Open the page again, in this or another tab: it shows what happened.',
  },
  {
    icon: PlugZap,
    title: 'Cut the connection',
    text: 'The page reconnects after the last event that it has received. No text is lost or repeated.',
  },
  {
    icon: ServerCrash,
    title: 'Kill the server',
    text: 'The runs are saved with SQLite. The next server process continues them.',
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

const serverExample = `// server
export const shop = defineAgent({ name: 'shop', model: 'gpt-6-astra', tools: [queryOrders, signOffer] });
const store = sqliteStore({ path: 'runs.db' });
const runner = createRunner({ client, agents: [shop], store, context });
export const handler = createRunsHandler({ runner, agents: ['shop'], authorize });

// page
const runner = remoteRunner({ baseURL: '/api/longhaul', tools: [browserSettings] });
const shopAgent = agentRef<typeof shop>('shop');

const run = useAgentRun({ agent: shopAgent, runId, onRunId: navigate });`;

const texts = {
  page: {
    lead: "Runs of minutes or hours over OpenAI's Responses API, driven from this page. Start one, then try to stop it.",
    where: ', in this browser',
    trials: pageTrials,
    caption: 'A complete component',
    example: pageExample,
  },
  server: {
    lead: "Runs of minutes or hours over OpenAI's Responses API, driven by the server. This page watches, decides, and may leave at any time.",
    where: '',
    trials: serverTrials,
    caption: 'The server and the page',
    example: serverExample,
  },
} as const satisfies Readonly<Record<LoopPlace, unknown>>;

/** The start page: explains the demo, and offers a first task. */
export function Intro({
  place,
  start,
}: {
  readonly place: LoopPlace;
  readonly start: (task: string, title: string) => void;
}): ReactElement {
  const [first] = scenarios[place];
  const { lead, where, trials, caption, example } = texts[place];
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
