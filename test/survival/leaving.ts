/**
 * A process that starts runs. It completes, cancels or detaches them, or closes their runners. Argument: `memory`, or
 * the path of a database.
 *
 * It then prints `left` with the statuses of the runs, and must exit because no timer or socket is left.
 */
import process from 'node:process';
import { createRunner, defineAgent, fetchClient, memoryStore, tool, type Run } from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, type Iteration } from '@longhaul/core/testing';

const [where = 'memory'] = process.argv.slice(2);

/** Scripts by name: `endless` never ends, `ask` waits for a person, `work` calls a tool and answers. */
const iterations: Readonly<Record<string, readonly Iteration[]>> = {
  endless: [{ runMs: Number.POSITIVE_INFINITY }],
  ask: [{ calls: [{ name: 'ask' }] }],
  work: [{ calls: [{ name: 'work' }] }, { text: 'Done.' }],
};

const parameters = { jsonSchema: { type: 'object', properties: {} } };
const agent = defineAgent({
  name: 'leaving',
  model: 'm',
  tools: [
    tool({ name: 'work', parameters, timeoutMs: 600_000, execute: () => 'worked' }),
    tool({ name: 'ask', parameters }),
  ],
});

const store = where === 'memory' ? memoryStore() : sqliteStore({ path: where });

function runner(mode: 'poll' | 'stream', script: readonly Iteration[]) {
  const emulator = createEmulator({ script, queuedMs: 5, runMs: 10 });
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  return createRunner({ client, store, mode, polling: { minMs: 10, maxMs: 20 } });
}

async function until(run: Run, condition: () => boolean): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  const look = (): void => (condition() ? resolve() : undefined);
  const unsubscribe = run.subscribe(look);
  look();
  await promise;
  unsubscribe();
}

const left: string[] = [];
for (const mode of ['poll', 'stream'] as const) {
  const finished = runner(mode, iterations['work'] ?? []).start(agent, 'work');
  await finished.result();
  const started = (): Run => runner(mode, iterations['endless'] ?? []).start(agent, 'wait');
  const cancelled = started();
  await until(cancelled, () => cancelled.view.waiting !== null);
  await cancelled.cancel();
  const cancelledAtOnce = started();
  await cancelledAtOnce.cancel();
  const detached = started();
  await until(detached, () => detached.view.waiting !== null);
  await detached.detach();
  const asking = runner(mode, iterations['ask'] ?? []);
  const asked = asking.start(agent, 'ask');
  await until(asked, () => asked.view.status === 'requires_action');
  await asking.close();
  const waiting = runner(mode, iterations['endless'] ?? []);
  const waits = waiting.start(agent, 'wait');
  await until(waits, () => waits.view.waiting !== null);
  await waiting.close();
  left.push(...[finished, cancelled, cancelledAtOnce, detached, asked, waits].map(({ view }) => view.status));
}
process.stdout.write(`left ${JSON.stringify(left)}\n`);
