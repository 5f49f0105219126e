import type { KnownProcesses } from './known-processes.ts';
import type { Input } from './model-process.ts';
import type { Budget, World } from './world.ts';

/** Faults of the store, which the exploration must detect. */
export interface Flaws {
  /** `receive` deletes the messages that it returns. */
  readonly receiveDeletes?: boolean;
  /** `commit` deletes nothing. */
  readonly commitKeeps?: boolean;
}

export interface WorldOptions {
  readonly processes: number;
  readonly budget: Partial<Budget>;
  /** How often the run waits for a person. */
  readonly waits?: number;
  /** Whether followers ask for what is not saved. */
  readonly live?: boolean;
  /** Whether the store has claims. */
  readonly shared?: boolean;
  /** Whether the user may also resume with another agent, or permit a create that may be paid for twice. */
  readonly flags?: boolean;
  /** Whether answers of the store take time: see `storeMoves`. */
  readonly slow?: boolean;
  /** Whether the store cannot say what has changed. Then a hint may ask a process at any time to look at everything. */
  readonly hints?: boolean;
  /** Whether the store notifies other processes of a release. Without notices they look at the store. */
  readonly notifies?: boolean;
  readonly flaws?: Flaws;
}

/** Data that the moves need. */
export interface Model extends Required<WorldOptions> {
  readonly budget: Budget;
  readonly known: KnownProcesses;
  /** @returns the world after a process has handled an input */
  give(world: World, index: number, input: Input): World;
}
