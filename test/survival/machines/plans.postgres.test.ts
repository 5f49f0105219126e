import process from 'node:process';
import { afterAll, beforeAll, test } from 'vitest';
import { hasPrograms } from '../../support/postgres/programs.ts';
import { startPostgres, type PostgresServer } from '../../support/postgres/server.ts';
import { deep } from '../seeded.ts';
import { problemsOf } from './check-end.ts';
import { performPlan } from './perform-plan.ts';
import { planOf, type Plan, type PlanOptions } from './plan.ts';

/** A plan that takes less time. Together, the two have each kind of fault. */
const short: PlanOptions = {
  acts: 1,
  runs: 20,
  startsWithinMs: 4_000,
  faultsWithinMs: 7_000,
  longestMs: 13_000,
};
const sample: readonly Plan[] = [
  planOf(1, { ...short, faults: [['kill', 'restart_postgres', 'cut_database', 'deploy']] }),
  planOf(2, { ...short, faults: [['stop', 'kill', 'lose_queue', 'cut_api']] }),
];

/** `LONGHAUL_SEEDS=from-to` selects plans of random faults. */
function plans(): readonly Plan[] {
  const seeds = process.env['LONGHAUL_SEEDS'] ?? (deep ? '1-200' : undefined);
  if (seeds === undefined) return sample;
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
