import type { ListedRow } from '../listed-head.ts';
import type { MessageRow } from '../message-reader.ts';
import type { RunFilter, RunLook, ThreadFilter, UndrivenRun } from '../run-store.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { StoreError } from '../../errors/store-error.ts';

/**
 * A row of a commit: also the columns of a run's place in its conversation. A later commit changes only the last two.
 * The ids and the owner are keys of `runKey`, as in the rows of a list.
 */
export interface CommitRow extends ListedRow {
  /** A key of `runKey`. */
  readonly continues: string | undefined;
  readonly isRetry: boolean;
  /** Undefined instead of an empty text, here and in `inputText`. */
  readonly title: string | undefined;
  readonly inputText: string | undefined;
  readonly updatedAt: number;
  /** A key of `runKey`: the response that the run waits for. */
  readonly responseId: string | undefined;
}

/** A run of a conversation. The ids and the owner are keys of `runKey`. */
export interface ThreadRunRow {
  readonly runId: string;
  readonly agent: string;
  readonly owner: string | undefined;
  readonly continues: string | undefined;
  readonly isRetry: boolean;
  readonly status: string;
  readonly createdAt: number;
}

/** A conversation. Its id is a key of `runKey`. */
export interface ThreadRow {
  readonly threadId: string;
  readonly title: string;
  readonly status: string;
  readonly updatedAt: number;
  readonly runs: number;
}

/**
 * The calls to the database and their answers. Each `runId` is a key of `runKey`. They are plain data, because the
 * database may be in another thread.
 */
interface Calls {
  /** The head and the items of each commit, as JSON text. Empty for an unknown run. */
  load: { asked: { readonly runId: string }; answer: string[] };
  list: { asked: { readonly filter: RunFilter }; answer: ListedRow[] };
  threadRuns: { asked: { readonly threadId: string }; answer: ThreadRunRow[] };
  threads: { asked: { readonly filter: ThreadFilter }; answer: ThreadRow[] };
  look: { asked: { readonly runIds: readonly string[]; readonly nowMs: number }; answer: RunLook[] };
  undriven: { asked: { readonly agents: readonly string[]; readonly nowMs: number }; answer: UndrivenRun[] };
  commit: {
    asked: CommitRow & {
      /** The appended items as JSON text; undefined if there are none. */
      readonly items: string | undefined;
      /** Ids of messages to delete. */
      readonly received: readonly string[];
      readonly import?: true;
    };
    answer: undefined;
  };
  delete: { asked: { readonly runId: string }; answer: undefined };
  /** `nowMs`, here and in `look`, `undriven` and `expired`, is the monotonic time of the store's clock. */
  claim: {
    asked: {
      readonly runId: string;
      readonly owner: string;
      readonly ttlMs: number;
      readonly nowMs: number;
    };
    answer: boolean;
  };
  /** Answers whether the owner had the claim. */
  release: { asked: { readonly runId: string; readonly owner: string }; answer: boolean };
  renew: { asked: { readonly owner: string; readonly ttlMs: number }; answer: string[] };
  /** Answers with the runs whose claims have expired since the last such call. */
  expired: { asked: { readonly nowMs: number }; answer: string[] };
  /** Answers with the keys and heads of runs that may wait for the response, whose id is a key of `runKey`. */
  findByResponse: { asked: { readonly responseId: string }; answer: string[][] };
  /** `nowMs`, here and in `takeWebhook`, is wall time. */
  rememberWebhook: { asked: { readonly responseId: string; readonly nowMs: number }; answer: undefined };
  takeWebhook: { asked: { readonly responseId: string; readonly nowMs: number }; answer: boolean };
  post: { asked: { readonly runId: string; readonly message: string }; answer: undefined };
  receive: { asked: { readonly runId: string }; answer: MessageRow[] };
  /** A notice as JSON text. This call, `watch` and `unwatch` are for `NoticeExchange`, and do not use the database. */
  publish: { asked: { readonly notice: string }; answer: undefined };
  /** `after`: the result of `enterLive`. */
  watch: { asked: { readonly after: number }; answer: undefined };
  unwatch: { asked: object; answer: undefined };
}

export type CallType = keyof Calls;

export type Call<Type extends CallType = CallType> = {
  [Each in Type]: { readonly type: Each } & Calls[Each]['asked'];
}[Type];

export type Answer<Type extends CallType = CallType> = Calls[Type]['answer'];

/** An error as data, because threads cannot exchange instances of a class. */
export interface ThrownData {
  readonly message: string;
  /** The code of a `StoreError`. */
  readonly store?: 'conflict' | 'unavailable';
  readonly code?: string;
  /** SQLite's result code. */
  readonly errcode?: number;
}

export type Outcome = { readonly answer: Answer } | { readonly thrown: ThrownData };

/** Converts a thrown error to data that can be sent between threads. */
export function thrownData(error: unknown): ThrownData {
  const message = errorMessage(error);
  if (StoreError.isInstance(error)) return { message, store: error.code };
  if (!(error instanceof Error)) return { message };
  return {
    message,
    ...('code' in error && typeof error.code === 'string' && { code: error.code }),
    ...('errcode' in error && typeof error.errcode === 'number' && { errcode: error.errcode }),
  };
}

/** Creates an error from its data. */
export function thrownError({ message, store, ...codes }: ThrownData): Error {
  return store === undefined ? Object.assign(new Error(message), codes) : new StoreError(store, message);
}
