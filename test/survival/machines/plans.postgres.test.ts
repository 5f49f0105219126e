import process from 'node:process';
import { afterAll, beforeAll, test } from 'vitest';
import { hasPrograms } from '../../support/postgres/programs.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres/server.ts';
import { deep } from '../seeded.ts';
import { problemsOf } from './check-end.ts';
import { performPlan } from './perform-plan.ts';
import { planOf, type Plan } from './plan.ts';

/** A short plan with most kinds of faults, for each run of the tests. */
const sample: Plan = planOf(4392, {
  acts: 1,
  runs: 20,
  startsWithinMs: 4_000,
  faultsWithinMs: 8_000,
  longestMs: 12_000,
  faults: [['kill', 'stop', 'cut_database', 'restart_postgres', 'lose_queue', 'deploy']],
});

/** `LONGHAUL_SEEDS=from-to` selects plans of random faults. */
function plans(): readonly Plan[] {
  const seeds = process.env['LONGHAUL_SEEDS'] ?? (deep ? '1-200' : undefined);
  if (seeds === undefined) return [sample];
  const [from = 1, to = from] = seeds.split('-').map(Number);
  return Array.from({ length: to - from + 1 }, (_, index) => planOf(from + index));
}

let server: PostgresServer;
beforeAll(async () => {
  if (hasPrograms()) server = await startPostgres();
});
afterAll(async () => {
  await server?.close();
});

// A plan restarts its server, so a server that the environment names cannot be used.
test.skipIf(!hasPrograms()).concurrent.for(plans())(
  'all runs of several machines end as on one machine without faults (seed $seed)',
  async (plan, { expect }) => {
    const end = await performPlan(plan, server);
    const problems = problemsOf(end);
    expect(problems, `LONGHAUL_SEEDS=${plan.seed}\n${end.story.join('\n')}`).toEqual([]);
  },
);
