import { CircleStop, Database, MoonStar, PlugZap, RefreshCw, ServerCrash } from 'lucide-react';
import { serverTasks } from '../tasks/server-tasks.ts';
import type { IntroTexts } from './intro-texts.ts';

const serverTrials: IntroTexts['trials'] = [
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

const serverExample = `// server
export const shop = defineAgent({ name: 'shop', model: 'gpt-6-astra', tools: [queryOrders, signOffer] });
const store = sqliteStore({ path: 'runs.db' });
const runner = createRunner({ client, agents: [shop], store, context });
export const handler = createRunsHandler({ runner, agents: ['shop'], authorize });

// page
const runner = remoteRunner({ baseURL: '/api/longhaul', tools: [browserSettings] });
const shopAgent = agentRef<typeof shop>('shop');

const thread = useAgentThread({ agent: shopAgent, threadId, onThreadId: navigate });`;

/** The texts of the start page for a loop on the server. */
export const serverTexts: IntroTexts = {
  tasks: serverTasks,
  lead: "Runs of minutes or hours over OpenAI's Responses API, driven by the server. This page watches, decides, and may leave at any time.",
  trials: serverTrials,
  caption: 'The server and the page',
  example: serverExample,
};

const workerTrials: IntroTexts['trials'] = [
  {
    icon: CircleStop,
    title: 'Stop a worker',
    text: 'During a run, kill the worker that drives it. The other worker continues the run within seconds, with all tool results.',
  },
  {
    icon: MoonStar,
    title: 'Let a run wait',
    text: 'A run that waits for your approval needs no process. A run that no page has watched for 90 seconds also waits without one. Your decision, or a webhook, wakes it.',
  },
  {
    icon: RefreshCw,
    title: 'Close the page',
    text: 'The workers continue the run. Open the page again, in this or another tab: it shows the answer.',
  },
  {
    icon: ServerCrash,
    title: 'Kill the server',
    text: 'The workers do not need the web process. They continue when the simulated model is back.',
  },
];

const workerExample = `// web processes: start, show, decide
const store = postgresStore({ database: new Pool({ connectionString }) });
const runner = queueRunner({ store, agents: [shop] });
export const handler = createRunsHandler({ runner, agents: ['shop'], authorize });
export const webhooks = createWebhookHandler({ secret, runner });

// worker processes, on any number of machines
const worker = createWorker({ client, agents: [shop], store, context });
await worker.start();
process.on('SIGTERM', () => worker.close());`;

/** The texts of the start page if worker processes drive the runs of the server. */
export const workerTexts: IntroTexts = {
  tasks: serverTasks,
  lead: "Runs of minutes or hours over OpenAI's Responses API, in PostgreSQL, driven by two worker processes. Start a task, then stop its worker.",
  trials: workerTrials,
  caption: 'The web process and the workers',
  example: workerExample,
};
