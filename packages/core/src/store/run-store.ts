import type { RunState } from '../engine/run-state.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { RunHalt, RunStatus } from '../engine/view/run-view.ts';
import type { JsonValue } from '../wire/json.ts';

/**
 * The small part of a saved run that each commit replaces. Its public fields are `runId`, `agent`, `owner`, `status`,
 * `revision`, `commitId`, `createdAt`, `updatedAt`, `threadId`, `continues`, `title` and `inputText`. All other fields
 * are internal to the engine and may change between versions. `owner` is absent for a run without one, and a later
 * commit may set or change it. The last four fields may be absent, and never change.
 */
export interface RunHead extends RunState {
  /** Identifies the commit that wrote this head, so that the store recognizes a repetition of the commit. */
  readonly commitId: string;
  /**
   * Why no worker drives this run until it is resumed. A store with workers adds it to the heads that it returns, and
   * `commit` ignores it.
   */
  readonly halted?: RunHalt;
}

/** A saved run as plain JSON. */
export interface RunSnapshot {
  readonly head: RunHead;
  readonly items: readonly StoredItem[];
}

/** One save: the head is replaced and items are appended, in one atomic step. */
export interface RunCommit {
  readonly runId: string;
  /** The stored revision must be one less. For a run that is not stored, it must be 1, unless `import` is set. */
  readonly revision: number;
  readonly commitId: string;
  readonly head: RunHead;
  readonly append: readonly StoredItem[];
  /**
   * Ids of messages of this run. The same atomic step deletes them from the inbox. Ids that are not there are ignored.
   */
  readonly received?: readonly string[];
  /** Imports a run that is not stored, at any revision: `append` contains all its items. */
  readonly import?: true;
}

export interface RunFilter {
  /**
   * Lists only the run with this id, if it matches the other fields. A store finds it without reading other runs. A
   * store of your own may ignore this field: a server then loads whole runs to check the rights of visitors.
   */
  readonly runId?: string | undefined;
  readonly status?: RunStatus | readonly RunStatus[] | undefined;
  readonly agent?: string | undefined;
  /** Lists only runs of this owner. A run without an owner matches no value. */
  readonly owner?: string | undefined;
  /** Lists only runs of this conversation. A run of an older version is a conversation of its own. */
  readonly threadId?: string | undefined;
  /** A whole number of at least 0, or Infinity for all. Other values are rejected. @default all */
  readonly limit?: number | undefined;
  /** Lists only runs after this `runId`, in the list's order: newest first by `createdAt`, then by `runId`. */
  readonly after?: string | undefined;
}

/** A run as a part of its conversation. It is small, because a conversation may have hundreds of runs. */
export interface ThreadRun {
  readonly runId: string;
  readonly agent: string;
  /** Absent for a run without an owner. */
  readonly owner?: string;
  /** The run whose conversation this run continues. Absent for a first run. */
  readonly continues?: string;
  /** True for a run without input: it continues the turn of the run before it. Absent for all other runs. */
  readonly isRetry?: true;
  readonly status: RunStatus;
  readonly createdAt: number;
}

/** A conversation in a list. */
export interface ThreadSummary {
  readonly threadId: string;
  /** The title of the newest run that has one. Without any: the beginning of the oldest input. */
  readonly title: string;
  /** The status of the newest run. */
  readonly status: RunStatus;
  /** The time of the last save of any run. */
  readonly updatedAt: number;
  /** The number of runs. */
  readonly runs: number;
}

export interface ThreadFilter {
  /** Counts only runs of this owner, and lists only conversations that have such runs. */
  readonly owner?: string | undefined;
  /** Counts only runs of this agent. */
  readonly agent?: string | undefined;
  /** A whole number of at least 0, or Infinity for all. Other values are rejected. @default all */
  readonly limit?: number | undefined;
  /** Lists only conversations after this `threadId`, in the list's order. An unknown one ends the list. */
  readonly after?: string | undefined;
}

/** A decision or a cancel that another process sends to the run's driver. */
export type InboxMessage = JsonValue;

/** A message in the inbox. */
export interface ReceivedMessage {
  /**
   * Assigned by the store. Unique in the run's inbox. The id of a deleted message is never assigned to another message.
   */
  readonly id: string;
  /** `null` for a damaged message: the run records a warning and its next commit deletes the message. */
  readonly message: InboxMessage;
}

/**
 * A hint that a run may have changed, in this process or another. The change itself is in the store, except for `live`.
 * A notice may be lost.
 */
export type RunNotice =
  /**
   * `saved`: a commit or a delete. `posted`: the inbox has messages. `released`: a `claim` may now succeed. `woken`: the
   * queue has a job for the run.
   */
  | { readonly type: 'saved' | 'posted' | 'released' | 'woken'; readonly runId: string }
  /** A message that a process passed to `publish`. */
  | { readonly type: 'live'; readonly runId: string; readonly message: JsonValue };

/** The current state of one run, as `look` reads it. */
export interface RunLook {
  readonly runId: string;
  /** The revision of the stored head; undefined if the run is not stored. */
  readonly revision: number | undefined;
  /**
   * The `commitId` of the stored head. It distinguishes a deleted run from a later run with the same id and revision.
   * Without it, a process that waits for a person notices the later run only when that run is saved again.
   */
  readonly commitId?: string | undefined;
  /** Whether an owner has a claim on the run that has not expired. */
  readonly claimed: boolean;
  /** Whether the run's inbox has messages. */
  readonly posted: boolean;
  /** Whether no worker drives the run until it is resumed: see `RunHead.halted`. */
  readonly halted?: boolean;
}

/** A run that no process drives, as `undriven` returns it. */
export interface UndrivenRun {
  readonly runId: string;
  readonly agent: string;
}

/**
 * Where runs are saved (port). `load` returns copies, so that changes to them never affect the store. A method that
 * fails throws a `StoreError`: `conflict`, or `unavailable` for a failure that may be transient. `load` may throw
 * `SnapshotError` for damaged data.
 */
export interface RunStore {
  load(runId: string): Promise<RunSnapshot | undefined>;
  /**
   * If the stored head already has this `commitId`, the commit has succeeded before and changes nothing.
   *
   * @throws StoreError `conflict` unless the stored revision is `revision - 1`, or the run is not stored and the commit
   * has revision 1 or `import`. A commit that fails changes nothing, and deletes no message.
   */
  commit(change: RunCommit): Promise<void>;
  /** Returns the heads of the matching runs, newest first. */
  list(filter?: RunFilter): Promise<RunHead[]>;
  delete(runId: string): Promise<void>;
  /**
   * Returns the runs of a conversation, oldest first by `createdAt`, then by `runId`. Reads at most 300 bytes for each
   * run with ids of 36 characters, not its head. Without this method, a runner uses `list`, which reads all heads.
   */
  listThreadRuns?(threadId: string): Promise<ThreadRun[]>;
  /**
   * Returns the matching conversations. The order: newest first by the `createdAt` of the newest matching run, then by
   * `threadId`. Without this method, a runner uses `list`.
   */
  listThreads?(filter?: ThreadFilter): Promise<ThreadSummary[]>;
  /**
   * Returns true unless another owner has a claim that has not expired. Repeat it to renew the claim. A refused claim
   * writes nothing. In a store without a clock of its own, a claim expires when this process has not seen its owner
   * renew for the owner's `ttlMs`. That time begins when this process first reads the claim.
   */
  claim?(runId: string, owner: string, ttlMs: number): Promise<boolean>;
  release?(runId: string, owner: string): Promise<void>;
  /**
   * Renews all claims of `owner` in one step. Without this method, each claim is renewed with `claim`.
   *
   * @returns the runs that `owner` still holds claims on
   */
  renew?(owner: string, ttlMs: number): Promise<string[]>;
  /**
   * Returns the current state of these runs, with one query that writes nothing. Without this method, each follower
   * regularly loads its run and tries to claim it.
   *
   * @returns the state of each requested run, in any order
   */
  look?(runIds: readonly string[]): Promise<RunLook[]>;
  /**
   * Returns the runs of these agents that need a process and have none, oldest first. Such a run has not ended, and no
   * owner has a claim on it that has not expired. A run with the status `requires_action` only waits for a person, so it
   * is returned only if its inbox has messages. One query that writes nothing and does not read finished runs. Without
   * this method, a runner uses `list` and `look`. Without `look` too, it does not adopt runs, and warns.
   */
  undriven?(agents: readonly string[]): Promise<UndrivenRun[]>;
  /**
   * Returns the id of the run that waits for this response: `pendingResponseId(head)` of its stored head is the
   * response's id. Uses an index, and writes nothing. Without this method, a webhook is only for runs that its
   * runner drives or that `list` finds.
   */
  findByResponse?(responseId: string): Promise<string | undefined>;
  /**
   * Remembers for 72 hours that a webhook named this response, because no saved run waits for it. Repeating the call
   * changes nothing but the time. The store deletes older entries. It has either both methods for webhooks, or none.
   */
  rememberWebhook?(responseId: string): Promise<void>;
  /** Returns whether a webhook of this response is remembered, and forgets it. Of concurrent calls, one returns true. */
  takeWebhook?(responseId: string): Promise<boolean>;
  /** Adds a message to the run's inbox, without a revision check. */
  post?(runId: string, message: InboxMessage): Promise<void>;
  /**
   * Returns the run's messages, oldest first, without deleting any. A message is returned again until a commit lists
   * its id in `received`. A damaged message must not affect the others.
   */
  receive?(runId: string): Promise<ReceivedMessage[]>;
  /**
   * Calls `listener` soon after a change of any run, including changes through this store object. Followers also query
   * the store regularly, because a store may send no notice when a claim expires.
   *
   * @returns a function that stops the notices
   */
  watch?(listener: (notice: RunNotice) => void): () => void;
  /**
   * Sends `message` to all current listeners. It is for data that is not saved, such as text while it streams. Never
   * fails.
   */
  publish?(runId: string, message: JsonValue): void;
}

/** The methods for webhooks, which only servers receive. */
export type WebhookMethod = 'findByResponse' | 'rememberWebhook' | 'takeWebhook';
