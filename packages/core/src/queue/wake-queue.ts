import type { PgBoss, Queue } from 'pg-boss';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { fieldsOf } from '../wire/json.ts';
import type { CompleteJobs, JobAttempt, SendWakes } from '../store/wake-store.ts';

/** The name of the queue of wakes. */
export const queueName = 'longhaul';

/** A job fails after this time without a touch, in seconds. It is the minimum of pg-boss. */
const heartbeatSeconds = 10;

/**
 * The settings of the queue. `stately` with the run as `singletonKey` allows one active and one pending wake of a run. No
 * number of failed attempts loses a wake, because the runs count them (Q6).
 */
export const queueSettings: Omit<Queue, 'name'> = {
  policy: 'stately',
  heartbeatSeconds,
  // Counted from the start of an attempt, regardless of touches. A worker hands a run back earlier.
  expireInSeconds: 86_400,
  retryLimit: 2_147_483_647,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  deleteAfterSeconds: 60,
  // A wake that no worker fetches is not needed: the sweeper sends it again.
  retentionSeconds: 14 * 86_400,
};

/** A fetched wake: its attempt, and the key of its run. */
export interface FetchedWake extends JobAttempt {
  readonly key: string;
}

/** The lowest priority of a wake. */
const lowestPriority = 1_000;

/** The queue of wakes in pg-boss. */
export class WakeQueue {
  readonly #boss: PgBoss;

  constructor(boss: PgBoss) {
    this.#boss = boss;
  }

  /** Creates the queue, unless it exists. @throws ConfigurationError if it exists with other settings */
  async prepare(): Promise<void> {
    const found = await this.#boss.getQueue(queueName);
    if (found === null) await this.#boss.createQueue(queueName, queueSettings);
    const queue = fieldsOf(JSON.parse(JSON.stringify(found ?? (await this.#boss.getQueue(queueName)))));
    for (const name of ['policy', 'heartbeatSeconds', 'expireInSeconds', 'retryLimit'] as const) {
      if (queue[name] === queueSettings[name]) continue;
      const message = `The queue "${queueName}" of pg-boss has ${name} ${JSON.stringify(queue[name])}, but Longhaul needs ${JSON.stringify(queueSettings[name])}. Delete the queue: the workers create it again, and no run is lost.`;
      throw new ConfigurationError(message, { option: 'boss' });
    }
  }

  /**
   * Sends wakes. A run that has a pending wake gets no second one. The first runs of all owners come before the next ones,
   * so that an owner with many runs does not delay the others.
   */
  readonly send: SendWakes = async (database, wakes) => {
    const jobs = wakes.map(({ key, turn }) => ({
      singletonKey: key,
      priority: -Math.min(turn, lowestPriority),
      data: { key },
    }));
    await this.#boss.insert(queueName, jobs, { db: database });
  };

  readonly complete: CompleteJobs = async (database, jobs) => {
    const response: unknown = await this.#boss.complete(queueName, attempts(jobs), null, { db: database });
    return affectedOf(response);
  };

  async fetch(most: number): Promise<FetchedWake[]> {
    const jobs = await this.#boss.fetch<{ key: string }>(queueName, { batchSize: most });
    return jobs.map(({ id, retryCount, data }) => ({ id, retryCount, key: data.key }));
  }

  /** Renews the heartbeats of these jobs. @returns the number of jobs whose attempt is still current */
  async touch(jobs: readonly JobAttempt[]): Promise<number> {
    return affectedOf(await this.#boss.touch(queueName, attempts(jobs)));
  }

  /** Fails the job of an attempt, so that it is retried after a delay. */
  async fail(job: JobAttempt): Promise<void> {
    await this.#boss.fail(queueName, attempts([job]));
  }

  /** Finds jobs of dead workers now. Workers that are always on do that every second. */
  async supervise(): Promise<void> {
    await this.#boss.supervise(queueName);
  }
}

/** pg-boss copies nothing, and checks that it gets plain attempts. */
function attempts(jobs: readonly JobAttempt[]): JobAttempt[] {
  return jobs.map(({ id, retryCount }) => ({ id, retryCount }));
}

/** The types of pg-boss declare no field of the response. */
function affectedOf(response: unknown): number {
  const { affected } = fieldsOf(JSON.parse(JSON.stringify(response ?? null)));
  return typeof affected === 'number' ? affected : 0;
}
