import {
  initialOwnership,
  type CallType,
  type Ownership,
  type OwnershipAbilities,
  type RunOrigin,
} from '../../src/ownership/ownership.ts';
import type { OwnershipEvent } from '../../src/ownership/ownership-event.ts';
import { newLoop, type Commit, type ModelLoop } from './model-loop.ts';
import { factsOf, type Message, type ModelRun } from './model-run.ts';

/** A call of the store that has not been answered yet. */
export interface Operation {
  readonly type: Exclude<CallType, 'flush' | 'drain' | 'pause'> | 'release' | 'commit';
  /** Whether the ownership waits for the answer. */
  readonly isAwaited: boolean;
  /** The message to post. */
  readonly message?: Message;
  /** The save of a loop that was replaced. The save of the current loop is in `loop.commit`. */
  readonly orphan?: Commit;
  /** The pending answer, if the store has performed the call. */
  readonly result?: StoreResult;
}

/** The store's answer to a call. */
export type StoreResult =
  | { readonly type: 'claim'; readonly granted: boolean }
  /** `claimed`: whether another process holds the claim. */
  | { readonly type: 'load'; readonly saved: ModelRun | null; readonly claimed: boolean }
  | { readonly type: 'receive'; readonly inbox: readonly Message[] }
  | { readonly type: 'park'; readonly result: 'parked' | 'has_messages' | 'lost' }
  | { readonly type: 'post' | 'release' }
  | { readonly type: 'commit'; readonly saved: boolean }
  | { readonly type: 'failed' };

/** A request of the user, until it is answered. */
export interface ModelAsk {
  readonly id: number;
  readonly kind: 'resume' | 'follow' | 'decide' | 'cancel';
  readonly waits: number;
  /** The `createdAt` of the run that the user saw. */
  readonly createdAt: number;
}

/** The whole state of one process, as JSON: its ownership of the run, its loop, and its calls of the store. */
export interface ModelProcess {
  readonly own: Ownership;
  readonly loop: ModelLoop;
  readonly operations: readonly Operation[];
  /** Whether the process renews the claim: the store has granted it, and the process has not released it. */
  readonly held: boolean;
  readonly asks: readonly ModelAsk[];
  /** Which process the view shows as the driver. */
  readonly view: 'here' | 'elsewhere' | 'none';
  /** `published`: the process publishes its unsaved events. `received`: it receives those of the driver. */
  readonly live: 'no' | 'published' | 'received';
  /** Whether the context was provided since the process began to drive the run. */
  readonly hasContext: boolean;
}

/** An event from outside the process. */
export type Input =
  | { readonly type: 'event'; readonly event: OwnershipEvent }
  | { readonly type: 'asked'; readonly ask: ModelAsk; readonly event: OwnershipEvent }
  /** `at`: the index of the operation. */
  | { readonly type: 'answered'; readonly at: number; readonly result: StoreResult }
  | { readonly type: 'paused'; readonly late: boolean }
  /** `provided`, `unprovided`: the runner has the context of the run's tools, or could not get it. */
  | { readonly type: 'drained' | 'progress' | 'halted' | 'provided' | 'unprovided' };

export function newProcess(run: ModelRun, abilities: OwnershipAbilities, origin: RunOrigin): ModelProcess {
  return {
    own: initialOwnership(factsOf(run), abilities, origin),
    loop: newLoop(run),
    operations: [],
    held: false,
    asks: [],
    view: origin === 'start' ? 'here' : 'none',
    live: 'no',
    hasContext: false,
  };
}

/** Whether the process starts, drives or follows the run, or waits with it for a person. */
export function isActive({ own }: Pick<ModelProcess, 'own'>): boolean {
  return own.place !== 'stopped' && own.place !== 'parked';
}

/** Whether a loop runs in this process. */
export function isRunning({ own, loop }: ModelProcess): boolean {
  return own.place === 'driving' && own.started && !loop.stopped;
}
