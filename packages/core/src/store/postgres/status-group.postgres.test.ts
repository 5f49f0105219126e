import { afterAll, expect, test } from 'vitest';
import { usePostgres } from '../../../test-support/postgres/postgres-database.ts';
import { sampleChange } from '../../testing/conformance/sample-run.ts';
import { postgresStore } from '../postgres.ts';
import type { SendWakes, Settlement } from '../wake-store.ts';

import { wakeStoreOf } from './wake-store.ts';

const { newPool, newSchema } = usePostgres();
const pool = newPool();
const schema = newSchema();
const store = postgresStore({ database: pool, schema });
afterAll(() => store.close());
const jobs = { table: `"${schema}".job`, queue: 'longhaul' };
const statuses = [
  'queued',
  'in_progress',
  'running_tools',
  'requires_action',
  'cancelling',
  'cancelled',
] as const;
const job = { id: 'job', retryCount: 0 };

/** A queue without jobs, so that the sweeper wakes each run that needs a process. */
async function emptyQueue(): Promise<{ readonly sent: string[]; readonly send: SendWakes }> {
  // The first call creates the tables.
  await store.list();
  const columns =
    'name text, singleton_key text, state text, policy text, blocked boolean, start_after timestamptz';
  await pool.query(`CREATE TABLE IF NOT EXISTS "${schema}".job (${columns})`);
  const sent: string[] = [];
  return { sent, send: async (_database, all) => void sent.push(...all.map(({ key }) => key)) };
}

test('in each place of a run, lists find it by its status only, and the sweeper wakes it if it needs a process', async () => {
  const wakes = wakeStoreOf(store);
  if (wakes === undefined) return expect.fail('The store has no queue.');
  const { sent, send } = await emptyQueue();
  const runId = 'run-1';
  let revision = 1;
  const save = (status: string): Promise<void> => {
    revision += 1;
    return store.commit(sampleChange({ runId, revision, status }));
  };
  const settle = (
    how: { type: 'halt'; reason: string; version: string } | { type: 'hand_back'; waitMs: number },
  ) => wakes.settle([{ runId, job, ...how } satisfies Settlement], async () => 1);
  const park = (waitMs: number | null) =>
    wakes.settle([{ type: 'park', runId, job, revision, waitMs }], async () => 1);

  const places: readonly [
    where: string,
    status: string,
    needsProcess: boolean,
    go: () => Promise<unknown>,
  ][] = [
    ['started', 'queued', true, () => wakes.start(sampleChange({ runId, status: 'queued' }), 0, send)],
    ['taken', 'queued', true, () => save('queued')],
    ['parked', 'queued', false, () => park(3_600_000)],
    ['woken by a message', 'queued', true, () => wakes.post(runId, { type: 'hint' }, send)],
    [
      'driven',
      'in_progress',
      true,
      () => pool.query(`DELETE FROM "${schema}".inbox`).then(() => save('in_progress')),
    ],
    ['executing', 'running_tools', true, () => save('running_tools')],
    ['handed back', 'running_tools', false, () => settle({ type: 'hand_back', waitMs: 0 })],
    ['due', 'running_tools', true, () => wakes.moveDue(jobs, 10, send)],
    ['before a person decides', 'requires_action', true, () => save('requires_action')],
    ['parked for a person', 'requires_action', false, () => park(null)],
    ['resumed', 'requires_action', true, () => wakes.resume(runId, true, send)],
    ['cancelling', 'cancelling', true, () => save('cancelling')],
    ['halted', 'cancelling', false, () => settle({ type: 'halt', reason: 'attempts', version: '0.0.1' })],
    ['resumed by a newer worker', 'cancelling', true, () => wakes.resumeHaltedBefore('0.0.2', send)],
    ['over', 'cancelled', false, () => save('cancelled')],
  ];
  for (const [where, status, needsProcess, go] of places) {
    await go();
    for (const one of statuses) {
      const found = (await store.list({ status: one })).map((head) => head.runId);
      expect(found, `${where}: ${one}`).toEqual(one === status ? [runId] : []);
    }
    const { rows } = await pool.query(`SELECT status_group FROM "${schema}".runs`);
    expect(rows, where).toEqual([{ status_group: needsProcess ? 'active' : status }]);
    sent.length = 0;
    await wakes.sweep(jobs, send);
    expect(sent, where).toEqual(needsProcess ? [runId] : []);
  }
});
