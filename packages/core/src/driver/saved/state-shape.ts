import type { Phase, RunState } from '../../engine/run-state.ts';
import { fieldsOf, isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { RunHead } from '../../store/run-store.ts';
import { isSavedOwner, isSavedPlace, isStatus } from './heads.ts';

/** The check of a field: a number, a number or null, an optional number, or no check. */
const number = 0;
const orNull = 1;
const orMissing = 2;
/** A field without a check, because no delay or deadline is computed from it, or because a resume replaces it. */
const opaque = 3;

type NumberCheck<Value> = undefined extends Value
  ? typeof orMissing
  : null extends Value
    ? typeof orNull
    : typeof number;

type Check<Value> = [NonNullable<Value>] extends [number]
  ? NumberCheck<Value>
  : typeof opaque | (null extends Value ? readonly [Shape<NonNullable<Value>>] : Shape<NonNullable<Value>>);

/**
 * A check for each field of a type, except texts and flags. The compiler compares it with the type. If a number is
 * added to the state, removed from it, or may become null, this file does not compile until its check is changed.
 */
export type Shape<T> = {
  readonly [Name in keyof T as [NonNullable<T[Name]>] extends [string | boolean] ? never : Name]-?: Check<
    T[Name]
  >;
};

const pendingShape = { since: number } as const;

const stateShape = {
  version: number,
  revision: number,
  createdAt: number,
  updatedAt: number,
  clock: { startedAt: number, skewMs: number, gapMs: number },
  epoch: number,
  seq: orMissing,
  endedAt: orMissing,
  steers: opaque,
  metadata: opaque,
  untrusted: opaque,
  policy: opaque,
  limits: {
    runMs: orMissing,
    queuedMs: orMissing,
    streamIdleMs: orMissing,
    consecutiveToolErrors: orMissing,
    totalTokens: orMissing,
  },
  iteration: number,
  iterationStartedAt: number,
  attempts: opaque,
  asides: opaque,
  unknownCreates: orMissing,
  brokenResponses: orMissing,
  trouble: [
    { since: number, creates: number, overloads: number, pausedMs: number, withoutCredentials: number },
  ],
  bufferedUntil: orNull,
  webhooksUntil: orMissing,
  queueWindowMs: orNull,
  usage: {
    inputTokens: number,
    cachedInputTokens: number,
    outputTokens: number,
    reasoningTokens: number,
    totalTokens: number,
    cacheWriteTokens: orMissing,
  },
  toolErrors: number,
  pausedAt: orNull,
  pausedMs: number,
  processedMessages: opaque,
  wakeAt: orNull,
} as const satisfies Shape<Omit<RunState, 'phase'>>;

/** The checks of each phase, by its type. */
const phaseShapes = {
  starting: { input: opaque },
  creating: {
    retryAt: orNull,
    sentAt: orNull,
    giveUpAt: orNull,
    refusal: opaque,
    early: opaque,
    chainTries: number,
    chainError: opaque,
  },
  waiting: {
    doneItems: opaque,
    openItems: opaque,
    pending: pendingShape,
    nextAt: orNull,
    polls: number,
    lastPolledAt: orNull,
    failures: number,
    withoutCredentials: number,
    notFoundSince: orNull,
    error: opaque,
    foreignSince: orNull,
    cursor: orNull,
    reconnects: number,
    emptyStreams: number,
    streamError: opaque,
    endAnnouncedAt: orMissing,
    askedUntil: orMissing,
  },
  tools: { calls: opaque },
  finishing: {},
  cancelling: {
    outcome: opaque,
    pending: [pendingShape],
    toolCallIds: opaque,
    tries: number,
    retryAt: orNull,
    deadlineAt: number,
  },
  done: { outcome: opaque },
} as const satisfies { readonly [Each in Phase as Each['type']]: Shape<Each> };

type AnyCheck = 0 | 1 | 2 | 3 | AnyShape | readonly [AnyShape];
interface AnyShape {
  readonly [name: string]: AnyCheck;
}

function passes(check: AnyCheck, value: JsonValue | undefined): boolean {
  if (check === orNull && value === null) return true;
  if (check === orMissing && (value === undefined || value === null)) return true;
  if (typeof check === 'number') return check === opaque || typeof value === 'number';
  return isShape(check) ? fits(check, value) : value === null || fits(check[0], value);
}

function isShape(check: AnyShape | readonly [AnyShape]): check is AnyShape {
  return !Array.isArray(check);
}

function fits(shape: AnyShape, value: JsonValue | undefined): boolean {
  return isJsonObject(value) && Object.entries(shape).every(([name, check]) => passes(check, value[name]));
}

function shapeOf(phase: JsonValue | undefined): AnyShape | undefined {
  const type = wordOf(fieldsOf(phase)['type']);
  return Object.entries(phaseShapes).find(([name]) => name === type)?.[1];
}

function isPhase(phase: JsonValue | undefined): boolean {
  return shapeOf(phase) !== undefined;
}

/** Whether every time and count of a saved state is a number if the state's type requires one. */
function fitsState(head: JsonObject): boolean {
  const { phase } = head;
  const shape = shapeOf(phase);
  return shape !== undefined && fits(stateShape, head) && fits(shape, phase);
}

/** Whether a saved head has the fields that all versions have. */
export function isHead({ status, phase, attempts, policy, limits, usage, metadata }: JsonObject): boolean {
  return (
    isStatus(status) &&
    isPhase(phase) &&
    Array.isArray(attempts) &&
    typeof fieldsOf(policy)['mode'] === 'string' &&
    typeof fieldsOf(usage)['totalTokens'] === 'number' &&
    isJsonObject(limits) &&
    isJsonObject(metadata)
  );
}

function isPending(pending: JsonValue | undefined): boolean {
  const { responseId, status } = fieldsOf(pending);
  return typeof responseId === 'string' && typeof status === 'string';
}

/** Whether the list of processed messages is valid. Heads of older versions do not have the list. */
function isProcessed(messages: JsonValue | undefined): boolean {
  if (messages === undefined) return true;
  return Array.isArray(messages) && messages.every(isProcessedMessage);
}

function isProcessedMessage(message: JsonValue): boolean {
  const { id, result, decided } = fieldsOf(message);
  if (typeof id !== 'string' || !['applied', 'rejected'].includes(wordOf(result))) return false;
  const { calls } = fieldsOf(decided);
  return decided === undefined || (Array.isArray(calls) && calls.every(isJsonObject));
}

/**
 * Whether a head in the shape of this version can be driven: no time or count that the loop reads has a wrong type. A
 * delay that is computed from such a value would be zero, and the run would poll without a pause.
 */
export function isUpgradedHead(head: JsonObject): head is JsonObject & RunHead {
  const { type, pending } = fieldsOf(head['phase']);
  const isAwaited = type === 'waiting' || (type === 'cancelling' && pending !== null);
  const { owner, processedMessages } = head;
  const isWhole =
    fitsState(head) && isSavedOwner(owner) && isSavedPlace(head) && isProcessed(processedMessages);
  return isWhole && (!isAwaited || isPending(pending));
}
