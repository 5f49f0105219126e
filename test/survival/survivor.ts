/**
 * A process that drives runs on an SQLite store until it is killed, or all are over. Arguments: the database, the URL
 * of the API, the file that executions are written to, the mode, and how many runs there are to be.
 *
 * Prints `driving` when it drives, and `over` with the outcome of each run as JSON.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import { createRunner, fetchClient, type Run } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { journey } from './journey.ts';
import { scaledClock } from './scaled-clock.ts';

const [path = '', baseURL = '', executionsFile = '', mode = 'poll', count = '1'] = process.argv.slice(2);

const clock = scaledClock(30);
const { agent } = journey({
  people: true,
  // In one write: a kill leaves the line, or none.
  perform: async (execution) => {
    appendFileSync(executionsFile, `${JSON.stringify(execution)}\n`);
    await clock.sleep(1_500);
  },
});

function answer(run: Run): void {
  const answered = new Set<string>();
  const look = (): void => {
    for (const { callId, status } of run.view.toolCalls) {
      if (answered.has(callId) || (status !== 'awaiting_approval' && status !== 'awaiting_output')) continue;
      answered.add(callId);
      const decision =
        status === 'awaiting_approval' ? run.approve(callId) : run.submitToolOutput(callId, 'At nine.');
      // Somebody was quicker: the process before, whose decision was on its way.
      decision.catch(() => undefined);
    }
  };
  run.subscribe(look);
  look();
}

using store = sqliteStore({ path, clock, synchronous: 'normal' });
const runner = createRunner({
  client: fetchClient({ baseURL }),
  store,
  clock,
  agents: [agent],
  mode: mode === 'stream' ? 'stream' : 'poll',
});
await runner.resumeAll();
for (let index = 0; index < Number(count); index += 1) {
  const runId = `run-${index}`;
  if ((await store.load(runId)) === undefined) runner.start(agent, `Trip ${index}`, { runId });
  else await runner.resume(agent, runId);
}
process.stdout.write('driving\n');
for (const run of runner.runs) answer(run);
const outcomes = await Promise.all(
  runner.runs.map(async (run) => {
    const view = await run.done();
    return {
      runId: run.id,
      status: view.status,
      text: view.text,
      error: view.error?.code,
      warnings: view.warnings.map(({ code }) => code),
    };
  }),
);
process.stdout.write(`over ${JSON.stringify(outcomes)}\n`);
await runner.close();
