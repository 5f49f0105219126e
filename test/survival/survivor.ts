/**
 * A process that drives runs on an SQLite store until it is killed or all runs have ended. Arguments: the database, the
 * URL of the API, the file for executions, the mode, the number of runs, and the factor of its clock.
 *
 * Prints `driving` when it drives, and `over` with the outcome of each run as JSON.
 */
import { appendFileSync } from 'node:fs';
import process from 'node:process';
import {
  createRunner,
  fetchClient,
  isTerminalRun,
  LonghaulError,
  type Run,
  type RunView,
} from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { scriptedRun } from './scripted-run.ts';
import { scaledClock } from './scaled-clock.ts';

const [path = '', baseURL = '', executionsFile = '', mode = 'poll', count = '1', factor = '30'] =
  process.argv.slice(2);

const clock = scaledClock(Number(factor));
const { agent } = scriptedRun({
  people: true,
  // A single write, so that a kill leaves the whole line or nothing.
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
      // The decision rejects if the previous process had already posted one.
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
const runs = new Map<string, Run>();
for (let index = 0; index < Number(count); index += 1) {
  const runId = `run-${index}`;
  const known = await store.load(runId);
  runs.set(
    runId,
    known === undefined ? runner.start(agent, `Trip ${index}`, { runId }) : await runner.resume(agent, runId),
  );
}
process.stdout.write('driving\n');

async function finish(run: Run): Promise<RunView> {
  answer(run);
  const view = await run.done();
  if (isTerminalRun(view.status)) return view;
  // Another process started the run at the same time.
  await run.result().catch((error: unknown) => {
    if (!(LonghaulError.isInstance(error) && error.code === 'conflict')) throw error;
  });
  return finish(await runner.resume(agent, run.id));
}

const outcomes = await Promise.all(
  [...runs.values()].map(async (run) => {
    const { runId, status, text, error, warnings } = await finish(run);
    return { runId, status, text, error: error?.code, warnings: warnings.map(({ code }) => code) };
  }),
);
process.stdout.write(`over ${JSON.stringify(outcomes)}\n`);
await runner.close();
