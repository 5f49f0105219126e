import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRunner, fetchClient, memoryStore, type RunView } from '@longhaul/core';
import { createEmulator, type Emulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { Pool } from 'pg';
import { afterEach, beforeEach, expect, inject, test } from 'vitest';
import type { MachineSettings } from './machine-protocol.ts';
import { MachineProcess } from './machine-process.ts';
import { webhookSecret } from './webhook-post.ts';
import { executionSchema, inputOf, tripAgent, tripScript, type ToolExecution, type Trip } from './trip.ts';

const runId = 'run-on-four-machines';
const trip: Trip = [
  {
    runMs: 300,
    calls: [
      { name: 'search', ms: 2_000 },
      { name: 'reserve', ms: 0 },
    ],
  },
  { runMs: 300, calls: [{ name: 'book', ms: 0 }] },
];

let folder = '';
let schema = '';
const machines: MachineProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-four-machines-'));
  schema = `four_${crypto.randomUUID()}`;
});
afterEach(async () => {
  await Promise.all(machines.splice(0).map((machine) => machine.kill()));
  const pool = new Pool({ connectionString: inject('postgresUrl') });
  for (const name of [schema, `${schema}_pgboss`])
    await pool.query(`DROP SCHEMA IF EXISTS "${name}" CASCADE`);
  await pool.end();
  await rm(folder, { recursive: true, force: true });
});

function newEmulator(): Emulator {
  return createEmulator({ script: tripScript, queuedMs: 50, runMs: 100 });
}

/** The view of the run without any machine that fails. */
async function onOneMachine(): Promise<RunView> {
  const emulator = newEmulator();
  const agent = tripAgent('one', () => undefined);
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch });
  const runner = createRunner({
    client,
    store: memoryStore(),
    mode: 'poll',
    polling: { minMs: 100, maxMs: 100 },
  });
  const run = runner.start(agent, inputOf(trip), { runId });
  await expect.poll(() => run.view.status).toBe('requires_action');
  await run.approve('call_1_book');
  await run.result();
  await runner.close();
  return run.view;
}

/** The parts of a view that do not depend on when, where and how often something was asked. */
function outcomeOf({
  status,
  text,
  toolCalls,
  iterations,
  items,
  usage,
  warnings,
  steered,
}: RunView): object {
  return {
    ...{ status, text, usage, warnings, steered },
    calls: toolCalls.map(({ callId, name, status: end, arguments: given, output }) => [
      callId,
      name,
      end,
      given,
      output,
    ]),
    iterations: iterations.map(({ attempts, ...one }) => [
      ...[one.index, one.status, one.text, one.toolCallIds],
      attempts.map(({ strategy, status: end }) => [strategy, end]),
    ]),
    items: items.map(({ iteration, item }) => [iteration, item.type]),
  };
}

test('a run that is started, driven, killed, decided and watched on different machines ends as on one', async () => {
  const emulator = newEmulator();
  await using api = await serveEmulator(emulator);
  const executions = join(folder, 'executions');
  function machine(name: string, roles: MachineSettings['roles']): MachineProcess {
    const options = { mode: 'poll', parkAfterMs: 5_000, graceMs: 0, webhookSecret } as const;
    const database = inject('postgresUrl');
    const started = new MachineProcess(
      { name, roles, schema, executions, database, api: api.url, ...options },
      0,
    );
    machines.push(started);
    return started;
  }
  const log = (): ToolExecution[] =>
    !existsSync(executions)
      ? []
      : readFileSync(executions, 'utf8')
          .split('\n')
          .filter((line) => line !== '')
          .map((line) => executionSchema.parse(JSON.parse(line)));
  async function viewOf(front: MachineProcess): Promise<RunView> {
    const answer = await front.call({ type: 'view', runId });
    if (answer.type !== 'done') throw new Error(`${front.name}: ${JSON.stringify(answer)} ${front.output}`);
    return JSON.parse(JSON.stringify(answer.value));
  }

  const first = machine('first', ['front']);
  const second = machine('second', ['worker']);
  const fourth = machine('fourth', ['front']);
  await Promise.all([first.ready(), second.ready(), fourth.ready()]);

  expect(await first.call({ type: 'start', runId, input: inputOf(trip) })).toMatchObject({ type: 'done' });
  expect(await fourth.call({ type: 'watch', runId })).toMatchObject({ type: 'done' });
  await expect.poll(() => log().some(({ callId }) => callId === 'call_0_search')).toBe(true);
  const third = machine('third', ['front', 'worker']);
  await second.kill();

  await third.ready();
  expect(await third.call({ type: 'watch', runId })).toMatchObject({ type: 'done' });
  await expect.poll(async () => (await viewOf(third)).status).toBe('requires_action');
  const decisions = [{ type: 'approve', callId: 'call_1_book' } as const];
  expect(await third.call({ type: 'decide', runId, by: 'Ada', decisions })).toMatchObject({ type: 'done' });
  for (const front of [first, third, fourth])
    await expect.poll(async () => (await viewOf(front)).status).toBe('completed');

  const expected = outcomeOf(await onOneMachine());
  for (const front of [first, third, fourth]) expect(outcomeOf(await viewOf(front))).toEqual(expected);
  // The search that was interrupted may be executed again, with the same key. The others may not.
  const began = log().filter(({ state }) => state === 'began');
  const executionsOf = (callId: string): ToolExecution[] => began.filter((one) => one.callId === callId);
  expect(executionsOf('call_0_search').map((one) => one.machine)).toEqual(['second', 'third']);
  expect(new Set(executionsOf('call_0_search').map((one) => one.idempotencyKey)).size).toBe(1);
  expect(executionsOf('call_0_reserve').map((one) => one.machine)).toEqual(['second']);
  expect(executionsOf('call_1_book').map((one) => one.machine)).toEqual(['third']);
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(3);
  // The machine that watched has received each event once.
  const seen = await fourth.call({ type: 'events', runId });
  const seqs =
    seen.type === 'done' && Array.isArray(seen.value)
      ? seen.value.map((event) => Number(Object(event).seq))
      : [];
  expect(seqs.length).toBeGreaterThan(3);
  expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
});
