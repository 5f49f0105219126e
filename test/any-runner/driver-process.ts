/**
 * A process that drives runs of the helper agent on an SQLite file. Arguments: the file, and the id under which each
 * run has its owner. Reads one JSON command in each line of its input: `{ runId, input, continueFrom? }` starts a run.
 * Prints the id of each run after its first save, and its
 * view as JSON when it has ended.
 */
import process from 'node:process';
import { createInterface } from 'node:readline';
import { createRunner, fetchClient } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { helper, helperApi } from './helper-agent.ts';

const [path = '', owner = ''] = process.argv.slice(2);
const runner = createRunner({
  client: fetchClient({ baseURL: 'http://api.test/v1', fetch: helperApi().fetch }),
  agents: [helper],
  store: sqliteStore({ path }),
  polling: { minMs: 100, maxMs: 100 },
});

createInterface({ input: process.stdin }).on('line', (line) => {
  const { input, ...options } = JSON.parse(line);
  const run = runner.start(helper, input, { ...options, owner });
  const unsubscribe = run.subscribe(() => {
    if (run.seq === 0) return;
    unsubscribe();
    process.stdout.write(`${run.id}\n`);
  });
  void run.done().then((view) => process.stdout.write(`${JSON.stringify(view)}\n`));
  // The test reads the result from its own handle.
  run.result().catch(() => undefined);
});
process.stdout.write('ready\n');
