import type { JobAttempt, JobTable } from '../wake-store.ts';
import type { RenewalThread } from './renewal-thread.ts';

/** The time after which a job without a touch fails, in milliseconds: the heartbeat of the queue. */
const heartbeatMs = 10_000;

/**
 * Passes the jobs that this process has just fetched or touched to the thread, so that it touches them while the event loop is
 * blocked. The statement is that of pg-boss' `touch`, because pg-boss cannot be shared with a thread.
 */
export function holdJobs(
  thread: RenewalThread,
  worker: string,
  { table, queue }: JobTable,
  jobs: readonly JobAttempt[],
): void {
  thread.renewed({
    key: `jobs of ${worker}`,
    text: `
      UPDATE ${table} SET heartbeat_on = clock_timestamp()
      WHERE name = $1 AND id = ANY ($2::uuid[]) AND state = 'active'
        AND (id::text || ':' || retry_count::text) = ANY ($3::text[])`,
    values: [queue, jobs.map(({ id }) => id), jobs.map(({ id, retryCount }) => `${id}:${retryCount}`)],
    ttlMs: heartbeatMs,
  });
}
