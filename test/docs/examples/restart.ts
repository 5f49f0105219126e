import { createRunner, defineAgent } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import OpenAI from 'openai';

const agent = defineAgent({ name: 'essay', model: 'gpt-6-astra' });
const store = sqliteStore({ path: 'runs.db' });
const runner = createRunner({ client: new OpenAI(), agents: [agent], store });
process.once('SIGTERM', () => void runner.close()); // a deploy: the job continues at the server

const [interrupted] = await runner.resumeAll();
const run = interrupted ?? runner.start(agent, 'Write an essay on patience.');
const { status, text } = await run.done();
console.log(status, text);
