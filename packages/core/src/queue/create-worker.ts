import type { NoContext } from '../run/driving-runner.ts';
import { QueueWorker } from './worker.ts';
import { checkWorkerOptions, type WorkerOptions } from './worker-options.ts';

/** A process that drives runs of a queue. */
export interface Worker {
  /**
   * Starts pg-boss, creates the tables and the queue, and then drives runs until `close`.
   *
   * @throws StoreError `unavailable`, SnapshotError `newer_snapshot`, or ConfigurationError for a queue with other
   * settings
   */
  start(): Promise<void>;
  /**
   * Drives the runs that are due, and returns when none is left, or after `maxMs` milliseconds (25,000 by default).
   * Then it hands back the runs that it still drives. For cron and serverless functions, instead of `start`.
   */
  drain(options?: { readonly maxMs?: number }): Promise<void>;
  /**
   * Fetches no more runs, and hands back those that it drives: other workers continue them immediately. Nothing is
   * cancelled at the server. Running tools may finish for `graceMs` milliseconds, 10,000 by default.
   */
  close(options?: { readonly graceMs?: number }): Promise<void>;
}

/**
 * Creates a worker: a process that drives the runs that a `queueRunner` on the same database has started. Several workers
 * share the runs. If one dies, the others continue its runs within seconds.
 *
 * @throws ConfigurationError for invalid options. The message names the option.
 * @example
 * const store = postgresStore({ database: new Pool({ connectionString }) });
 * const worker = createWorker({ client: new OpenAI(), agents: [agent], store });
 * await worker.start();
 * process.on('SIGTERM', () => worker.close());
 */
export function createWorker<Context = NoContext>(options: WorkerOptions<Context>): Worker {
  checkWorkerOptions(options);
  return new QueueWorker(options);
}
