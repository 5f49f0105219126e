import type { OwnershipAbilities } from '../../src/ownership/ownership.ts';
import type { KnownProcesses } from './known-processes.ts';
import type { Input } from './model-process.ts';
import type { Budget, World } from './world.ts';

/** Faults of the store, which the exploration must detect. */
export interface Flaws {
  /** `receive` deletes the messages that it returns. */
  readonly receiveDeletes?: boolean;
  /** `commit` deletes no messages. */
  readonly commitKeeps?: boolean;
  /** The first save of a run sends no wake. */
  readonly startWakesNot?: boolean;
  /** A message of a parked run sends no wake. */
  readonly postWakesNot?: boolean;
  /** A run is parked although its inbox has messages. */
  readonly parkIgnoresInbox?: boolean;
  /** A worker parks a run that another worker has saved since. */
  readonly parkIgnoresRevision?: boolean;
  /** A worker parks a run without having its job. */
  readonly parkIgnoresJob?: boolean;
}

export interface WorldOptions {
  readonly processes: number;
  readonly budget: Partial<Budget>;
  /** How often the run waits for a person. @default 1 */
  readonly waits?: number;
  /** Whether followers request the events that the driver does not save. */
  readonly live?: boolean;
  /** Whether the store has claims. @default true */
  readonly shared?: boolean;
  /** Whether the user may also resume with another agent, or permit a create that may be paid for twice. */
  readonly flags?: boolean;
  /** Whether users resume the run from a snapshot that the store does not have. @default false: a process starts the run */
  readonly imports?: boolean;
  /** Whether answers of the store take time: see `storeMoves`. */
  readonly slow?: boolean;
  /** Whether a process may load everything at any time, as with a store that has no `look`. */
  readonly hints?: boolean;
  /** Whether runners look for runs that no process drives, and resume them. */
  readonly adopts?: boolean;
  /** Whether each runner provides the context of the run's tools. */
  readonly contexts?: boolean;
  /** Whether the runner no longer answers after the first `contexts` of the budget. */
  readonly hangs?: boolean;
  /** Whether the store notifies other processes of a release. Without notices, they query the store. */
  readonly notifies?: boolean;
  /**
   * Whether the run is in a queue: the first process is a front that starts and shows it, the others are workers. The
   * claim is the job of a worker.
   */
  readonly queue?: boolean;
  /** In a queue: how often the run waits for a time that is far away. @default 0 */
  readonly timers?: number;
  readonly flaws?: Flaws;
}

/** The options and the functions that the moves use. */
export interface Model extends Required<WorldOptions> {
  readonly budget: Budget;
  readonly known: KnownProcesses;
  abilitiesOf(index: number): OwnershipAbilities;
  /** @returns the world after a process has handled an input */
  give(world: World, index: number, input: Input): World;
}
