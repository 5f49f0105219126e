import type { KnownProcess } from './known-processes.ts';
import type { Message, ModelRun } from './model-run.ts';

/** How often each optional event may happen. */
export interface Budget {
  readonly decides: number;
  readonly cancels: number;
  /** A user resumes the run, in a process that has it or in another one. */
  readonly resumes: number;
  /** A user only shows the run, in a process that has it or in another one. */
  readonly follows: number;
  readonly detaches: number;
  /** Another process starts a run of the same id. */
  readonly starts: number;
  /** A run that is over, or waits for a person, is deleted. */
  readonly deletes: number;
  readonly crashes: number;
  /** Claims that expire although their process still runs, because it did not renew them in time. */
  readonly pauses: number;
  /** Calls of the store that fail. */
  readonly failures: number;
  /** Loops that stop before the run is over and need a user, for example because credentials are missing. */
  readonly halts: number;
  /** The contexts that are provided, with `hangs`. */
  readonly contexts: number;
  /** In a queue: all jobs are lost. */
  readonly losses: number;
}

/** The store, the processes, and the pending messages between them. */
export interface World {
  readonly saved: ModelRun | null;
  readonly inbox: readonly Message[];
  /** The deleted runs, by their `createdAt`. */
  readonly deleted: readonly number[];
  /** The index of the process that has the claim; `dead` if that process has crashed. */
  readonly owner: number | 'dead' | null;
  /** In a queue: whether a job waits for a worker. The active job is `owner`. */
  readonly wake: boolean;
  /** In a queue: the event for which the run waits without a job. */
  readonly parked: 'no' | 'timer' | 'person';
  /** Null: the process has not loaded the run yet, or has crashed. */
  readonly processes: readonly (KnownProcess | null)[];
  readonly budget: Budget;
  /** Processes that will receive a hello. */
  readonly hellos: readonly number[];
  /** Processes that the store will notify of a release. */
  readonly released: readonly number[];
  /** Processes whose claim has expired, and that do not know it yet. */
  readonly expired: readonly number[];
  /** Messages that a process has posted, and decisions that a process has refused. */
  readonly posted: readonly number[];
  readonly refused: readonly number[];
  readonly problem: string | undefined;
}

/** The budget without optional events. */
export const noBudget: Budget = {
  decides: 0,
  cancels: 0,
  resumes: 0,
  follows: 0,
  detaches: 0,
  starts: 0,
  deletes: 0,
  crashes: 0,
  pauses: 0,
  failures: 0,
  halts: 0,
  contexts: 0,
  losses: 0,
};

export const budgetKinds = Object.keys(noBudget) as (keyof Budget)[];

export function left(budget: Budget): number {
  return budgetKinds.reduce((sum, kind) => sum + budget[kind], 0);
}

/** Reduces the budget of one kind of event by one. */
export function spend(world: World, kind: keyof Budget): World {
  return { ...world, budget: { ...world.budget, [kind]: world.budget[kind] - 1 } };
}

/** Replaces the process at an index; null removes it. */
export function put(world: World, index: number, process: KnownProcess | null): World {
  return { ...world, processes: world.processes.map((one, at) => (at === index ? process : one)) };
}

const names = ['A', 'B', 'C', 'D'];

export function nameOf(index: number): string {
  return names[index] ?? String(index);
}
