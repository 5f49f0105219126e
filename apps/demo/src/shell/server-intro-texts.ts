import { Database, PlugZap, RefreshCw, ServerCrash } from 'lucide-react';
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
