import type { PgBoss } from 'pg-boss';
import type { Clock } from '../clock/clock.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import type { JobTable } from '../store/wake-store.ts';

/** A pg-boss that monitors every second is rarely this late, in seconds. */
const mostSeconds = 10;

/** After a pause of the machine or of the database, each pg-boss is late until its next second. */
const againMs = 5_000;

/**
 * Checks that a pg-boss of the caller finds the jobs of dead workers. Its options are not readable, but its table of
 * queues has the time at which any pg-boss has last monitored the queue.
 *
 * @throws ConfigurationError
 */
export async function checkMonitoring(boss: PgBoss, jobs: JobTable, clock: Clock): Promise<void> {
  if ((await secondsSince(boss, jobs)) <= mostSeconds) return;
  await clock.sleep(againMs);
  const seconds = await secondsSince(boss, jobs);
  if (seconds <= mostSeconds) return;
  throw new ConfigurationError(
    `\`boss\` has not monitored the queue for ${seconds} seconds, so the runs of a dead worker wait. Create it with \`supervise: true\`, \`superviseIntervalSeconds: 1\` and \`monitorIntervalSeconds: 1\`.`,
    { option: 'boss' },
  );
}

async function secondsSince(boss: PgBoss, { table, queue }: JobTable): Promise<number> {
  const queues = table.replace(/job$/, 'queue');
  const { rows } = await boss.getDb().executeSql(
    `SELECT extract(epoch FROM now() - coalesce(monitor_claim_on, monitor_on, created_on))::int AS seconds
     FROM ${queues} WHERE name = $1`,
    [queue],
  );
  return Number(Object(rows[0]).seconds ?? 0);
}
