import type { PgBoss } from 'pg-boss';
import type { AgentRef } from '../agent/agent-ref.ts';
import type { Agent } from '../agent/define-agent.ts';
import type { ResponsesClient } from '../client/responses-client.ts';
import type { Clock } from '../clock/clock.ts';
import { mustBeClock } from '../clock/must-be-clock.ts';
import { systemClock } from '../clock/system-clock.ts';
import { LocalRunner } from '../driver/runner/local-runner.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { isObject, mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { DrivenRun, DrivingRunner, DrivingStartOptions } from '../run/driving-runner.ts';
import type { RunInput } from '../run/run-input.ts';
import type { ResumeOptions } from '../run/runner.ts';
import type { PostgresStore } from '../store/postgres.ts';
import { postgresFailure } from '../store/postgres/postgres-failure.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { WakeStore } from '../store/wake-store.ts';
import { checkBossDatabase } from './check-boss-database.ts';
import { databaseClock, type DatabaseClock } from './database-clock.ts';
import { frontStore } from './front-store.ts';
import { ownBoss, startAttempts } from './own-boss.ts';
import { recordWatched, watchedForMs } from './watching.ts';
import { WakeQueue } from './wake-queue.ts';
import { checkQueueStore, isBoss } from './worker-options.ts';

export interface QueueRunnerOptions {
  /** A store that `postgresStore` has created, on the database of the workers. */
  readonly store: PostgresStore;
  /** A pg-boss of the caller: the same as that of the workers. @default its own pg-boss */
  readonly boss?: PgBoss | undefined;
  /** The agents whose runs this process starts and shows. The workers execute their tools. */
  readonly agents?: readonly Agent[] | undefined;
  /**
   * A client of the API for `delete` with `responses: true`. All other requests are sent by the workers.
   *
   * @default none: such a delete is refused
   */
  readonly client?: ResponsesClient | undefined;
  /** @default the system clock */
  readonly clock?: Clock | undefined;
}

const owner = 'queueRunner';

function checkOptions(options: QueueRunnerOptions): void {
  mustBeOptions(options, owner, { store: 'any', boss: 'any', agents: 'any', client: 'any', clock: 'any' });
  const { boss, agents = [], clock } = options;
  mustBe(boss === undefined || isBoss(boss), owner, 'boss', 'a PgBoss of `pg-boss`');
  const areAgents = Array.isArray(agents) && agents.every((agent) => isObject(agent?.spec));
  mustBe(areAgents, owner, 'agents', 'an array of agents that defineAgent(…) made');
  mustBeClock(clock, owner);
}

function sendsNothing(): never {
  throw new ConfigurationError('queueRunner sends no requests to the API: the workers do.', {
    option: 'client',
  });
}

function refuseContext(method: string, context: unknown): void {
  if (context === undefined) return;
  const message = `${method}: a context cannot be passed to another process. Pass a \`context\` function to createWorker.`;
  throw new ConfigurationError(message, { option: 'context' });
}

const noClient: ResponsesClient = {
  responses: { create: sendsNothing, retrieve: sendsNothing, cancel: sendsNothing },
};

/** The queue as a front uses it: it is prepared at the first use. */
interface FrontQueue {
  readonly wakes: WakeStore;
  readonly queue: WakeQueue;
  ready(): Promise<void>;
  /** The queue may have been deleted: the next `ready` looks for it. */
  forget(): void;
  close(): Promise<void>;
}

function frontQueue({ store, boss }: QueueRunnerOptions, clock: DatabaseClock): FrontQueue {
  const wakes = checkQueueStore(store, owner);
  const pgBoss = boss ?? ownBoss(store, false, (message) => console.warn(`queueRunner: ${message}`));
  const queue = new WakeQueue(pgBoss);
  let readying: Promise<void> | undefined;
  let isStarted = false;
  let isClosed = false;

  async function prepare(): Promise<void> {
    const sentAt = clock.monotonic();
    clock.answered(await wakes.now(), sentAt);
    if (boss !== undefined) await checkBossDatabase(boss, wakes);
    else if (!isStarted) await pgBoss.start({ attempts: startAttempts });
    isStarted = true;
    await queue.prepare();
  }

  return {
    wakes,
    queue,
    ready: async () => {
      if (isClosed) throw new ConfigurationError('The runner is closed. Create another one.');
      // A failure is not remembered, because the next attempt may succeed.
      readying ??= prepare().catch((error: unknown) => {
        readying = undefined;
        throw postgresFailure(error, 'prepare the queue');
      });
      return readying;
    },
    forget: () => {
      readying = undefined;
    },
    close: async () => {
      isClosed = true;
      await readying?.catch(() => undefined);
      if (boss === undefined && isStarted) await pgBoss.stop({ graceful: false });
    },
  };
}

/** The number of handles that a front keeps, in addition to those whose result a caller awaits. */
const keptHandles = 1_000;

/** A runner that starts and shows the runs of a queue. */
class QueueRunner extends LocalRunner {
  readonly #front: FrontQueue;
  /** New runs that a page will show immediately. */
  readonly #shown: Set<string>;
  readonly #endWatching: () => void;

  constructor(
    { store, agents, client = noClient }: QueueRunnerOptions,
    clock: DatabaseClock,
    front: FrontQueue,
  ) {
    const { wakes, queue } = front;
    const shown = new Set<string>();
    const watchedMs = (runId: string): number =>
      shown.delete(runId) || this.get(runId)?.isObserved === true ? watchedForMs : 0;
    super(
      { client, agents, clock, store: frontStore(store, wakes, queue.send, front, watchedMs) },
      { role: 'front' },
    );
    this.#front = front;
    this.#shown = shown;
    this.#endWatching = recordWatched(wakes, clock, () =>
      this.runs.filter(({ isObserved, over }) => isObserved && !over),
    );
  }

  override start<A extends AgentRef>(
    agent: A,
    input: RunInput,
    options?: DrivingStartOptions<A>,
  ): DrivenRun<A>;
  override start(agent: string, input: RunInput, options?: DrivingStartOptions): DrivenRun;
  override start(which: AgentRef | string, input: RunInput, options?: DrivingStartOptions): DrivenRun {
    refuseContext('start', options?.context);
    const run =
      typeof which === 'string' ? super.start(which, input, options) : super.start(which, input, options);
    // Its first save has not been sent yet.
    if (options?.watched === true) this.#shown.add(run.id);
    this.#releaseUnused();
    return run;
  }

  /** Detaches the oldest handles that no caller uses: a waiting run must not cost memory here. */
  #releaseUnused(): void {
    const excess = this.runs.length - keptHandles;
    if (excess <= 0) return;
    const unused = this.runs.filter(({ isUsed }) => !isUsed);
    for (const run of unused.slice(0, Math.max(excess, unused.length - keptHandles / 2))) {
      this.forget(run.id);
      void run.detach();
    }
  }

  /** Ends the halt of a run, and wakes a worker for it. */
  override async resume(
    _agent: AgentRef | string,
    from: string | RunSnapshot,
    { manual = true, context }: ResumeOptions = {},
  ): Promise<DrivenRun> {
    refuseContext('resume', context);
    if (typeof from !== 'string')
      throw new ConfigurationError('resume: queueRunner resumes the runs of its store, by their id.');
    const { wakes, queue, ready } = this.#front;
    await ready();
    if (await wakes.resume(from, manual, queue.send)) return this.follow(from);
    if ((await this.list({ runId: from })).length === 0)
      throw new LonghaulError('not_found', `There is no run ${from} in the store.`);
    throw new ConfigurationError(
      `resume: run ${from} was started by createRunner. A process with createRunner must drive it until it is over.`,
    );
  }

  /** Resumes nothing, because the workers drive all runs. */
  override async resumeAll(): Promise<DrivenRun[]> {
    return [];
  }

  override async close(options?: { readonly graceMs?: number }): Promise<void> {
    this.#endWatching();
    await super.close(options);
    await this.#front.close();
  }
}

/**
 * A runner whose runs are driven by workers, on any machine with the same database. It starts runs, shows them, and
 * passes on decisions and cancels. It drives none.
 *
 * @throws ConfigurationError for invalid options. The message names the option.
 * @example
 * const store = postgresStore({ database: new Pool({ connectionString }) });
 * const runner = queueRunner({ store, agents: [agent] });
 * const handler = createRunsHandler({ runner, authorize });
 */
export function queueRunner(options: QueueRunnerOptions): DrivingRunner {
  checkOptions(options);
  const clock = databaseClock(options.clock ?? systemClock);
  return new QueueRunner(options, clock, frontQueue(options, clock));
}
