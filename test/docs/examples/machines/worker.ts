import process from 'node:process';
import { createWorker } from '@longhaul/core/queue';
import OpenAI from 'openai';
import { writer } from './agent.ts';
import { store } from './database.ts';

const worker = createWorker({ client: new OpenAI(), agents: [writer], store, onError: console.error });
await worker.start();
console.log('The worker drives runs.');

// A deploy: the runs are handed back, and other workers continue them immediately.
process.on('SIGTERM', () => {
  void worker.close({ graceMs: 10_000 }).then(() => process.exit());
});
