import type { RunState } from '../engine/run-state.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { RunStatus } from '../engine/view/run-view.ts';
import type { JsonValue } from '../wire/json.ts';

/**
 * The small, replaced part of a saved run. Its public fields are `runId`, `agent`, `status`, `revision`, `createdAt`
 * and `updatedAt`; everything else is the engine's own and may change with the version.
 */
export interface RunHead extends RunState {
  /** Names the save that wrote this head, so that repeating that save is known to have succeeded. */
  readonly commitId: string;
}

/** A saved run: plain JSON. */
export interface RunSnapshot {
  readonly head: RunHead;
  readonly items: readonly StoredItem[];
}

/** One save: the head is replaced and items are appended, in one atomic step. */
export interface RunCommit {
  readonly runId: string;
  /** The stored revision must be one less, or the run unknown and this 1. */
  readonly revision: number;
  readonly commitId: string;
  readonly head: RunHead;
  readonly append: readonly StoredItem[];
  /** Ids of received messages of this run. The same atomic step deletes them. An id that is not in the inbox is ignored. */
  readonly received?: readonly string[];
  /** Brings a whole run in at any revision: `append` holds all its items. */
  readonly import?: true;
}

export interface RunFilter {
  readonly status?: RunStatus | readonly RunStatus[] | undefined;
  readonly agent?: string | undefined;
  /** A whole number from 0 on, or Infinity for all; anything else is refused. @default all */
  readonly limit?: number | undefined;
  /** The `runId` after which to go on, in the list's order: newest first by `createdAt`, then by `runId`. */
  readonly after?: string | undefined;
}

/** A decision or a cancel that another process sends to the run's driver. */
export type InboxMessage = JsonValue;

/** A message as the inbox holds it. */
export interface ReceivedMessage {
  /** Given by the store. Unique in the run's inbox; a deleted message's id is never given to another message. */
  readonly id: string;
  /** `null` for a damaged message: the run records a warning and its next commit deletes the message. */
  readonly message: InboxMessage;
}

/**
 * Something happened to a run, here or in another tab. A hint to look, nothing more: what it tells of is in the store,
 * and a store may miss to tell.
 */
export type RunNotice =
  /** `saved`: a commit or a delete. `posted`: the inbox has messages. `released`: a `claim` may succeed now. */
  | { readonly type: 'saved' | 'posted' | 'released'; readonly runId: string }
  /** What someone gave to `publish`. */
  | { readonly type: 'live'; readonly runId: string; readonly message: JsonValue };

/** What `look` finds of one run. */
export interface RunLook {
  readonly runId: string;
  /** The stored head's; undefined where the run is not stored. */
  readonly revision: number | undefined;
  /** Whether an owner's claim is alive. */
  readonly claimed: boolean;
  /** Whether messages wait in its inbox. */
  readonly posted: boolean;
}

/**
 * Where runs are saved (port). `load` gives copies: what a caller does to them never changes what is stored.
 * Failures are `StoreError`s: `conflict`, or `unavailable` for what may pass.
 */
export interface RunStore {
  load(runId: string): Promise<RunSnapshot | undefined>;
  /**
   * @throws StoreError `conflict` unless the stored revision is `revision - 1` (an unknown run needs revision 1, or
   * `import`), and then deletes no message. A change whose `commitId` is already the head's has succeeded before:
   * nothing happens.
   */
  commit(change: RunCommit): Promise<void>;
  /** Heads alone, newest first. */
  list(filter?: RunFilter): Promise<RunHead[]>;
  delete(runId: string): Promise<void>;
  /**
   * True unless another owner's claim is alive; repeated to renew. What is refused writes nothing. In a store without
   * a clock of its own, a claim has run out once this process has seen its owner not renew for `ttlMs`, which is that
   * of the owner; the first look may be long after the owner's end.
   */
  claim?(runId: string, owner: string, ttlMs: number): Promise<boolean>;
  release?(runId: string, owner: string): Promise<void>;
  /**
   * Renews all claims of `owner` in one step. Without it, each is renewed by a `claim` of its own.
   *
   * @returns the runs that `owner` still has claims of
   */
  renew?(owner: string, ttlMs: number): Promise<string[]>;
  /**
   * What may have changed about these runs, by one query that writes nothing. Without it, each run is loaded and
   * claimed from time to time by whoever follows it.
   *
   * @returns one look for each run that was asked for, in any order
   */
  look?(runIds: readonly string[]): Promise<RunLook[]>;
  /** Puts a message into the run's inbox, without revision check. */
  post?(runId: string, message: InboxMessage): Promise<void>;
  /**
   * The run's messages, oldest first. Deletes nothing: a message is received again until a commit names its id in
   * `received`. A damaged message must not fail the others.
   */
  receive?(runId: string): Promise<ReceivedMessage[]>;
  /**
   * Calls `listener` soon after each notice about any run, those that came about through this very store included.
   * Without it, or besides it, whoever follows a run asks the store from time to time.
   *
   * @returns ends it
   */
  watch?(listener: (notice: RunNotice) => void): () => void;
  /** Hands `message` to whoever watches now: for what is not saved, such as text while it streams. Never fails. */
  publish?(runId: string, message: JsonValue): void;
}
