import type { Call, CallType, Outcome, ThrownData } from './calls.ts';

/** A call that waits for its outcome. */
export interface PendingCall {
  readonly call: Call;
  /** `undefined` if the store was closed before the call was performed. */
  settle(outcome: Outcome | undefined): void;
}

/** Maximum number of calls in a batch, because its transaction holds the lock. */
const mostCalls = 512;
/** Maximum number of calls in a batch that read runs, because all their results arrive in one turn. */
const mostReads = 64;
/** Maximum number of characters in a batch of several calls. */
const mostCharacters = 4_000_000;
/**
 * Maximum number of calls that are settled in one turn of the event loop. After each call, a run takes its next step.
 */
const settledPerTurn = 16;

const readTypes: ReadonlySet<CallType> = new Set([
  'load',
  'list',
  'threadRuns',
  'threads',
  'look',
  'undriven',
]);

function isRead({ type }: Call): boolean {
  return readTypes.has(type);
}

function sizeOf(call: Call): number {
  if (call.type === 'commit') return call.head.length + (call.items?.length ?? 0);
  if (call.type === 'post') return call.message.length;
  return call.type === 'publish' ? call.notice.length : 0;
}

/**
 * Collects calls while a batch is in progress, and sends them together in the next one. Settles the calls of a batch
 * over several turns of the event loop, because thousands of runs that continue at the same time would block it.
 */
export class Outbox {
  readonly #send: (calls: readonly Call[]) => void;
  #waiting: PendingCall[] = [];
  #inFlight: readonly PendingCall[] | undefined;
  readonly #answered: [PendingCall, Outcome | undefined][] = [];
  #isFlushing = false;
  #isSettling = false;

  /** @param send Performs a batch. Its outcomes are passed to `answered`. */
  constructor(send: (calls: readonly Call[]) => void) {
    this.#send = send;
  }

  add(pending: PendingCall): void {
    // Renewals go first, because the claims of all runs depend on them.
    if (pending.call.type === 'renew') this.#waiting.unshift(pending);
    else this.#waiting.push(pending);
    if (this.#inFlight !== undefined || this.#isFlushing) return;
    this.#isFlushing = true;
    // Calls of the same turn are sent together.
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  /** Called with the outcomes of the batch in progress. */
  answered(outcomes: readonly Outcome[]): void {
    this.#done((index) => outcomes[index]);
  }

  /** Called if the batch in progress failed as a whole. Whether it was performed is unknown. */
  failed(thrown: ThrownData): void {
    this.#done(() => ({ thrown }));
  }

  /** Stops sending. `outcomes` are those of the batch in progress. All other calls were not performed. */
  close(outcomes: readonly Outcome[] | undefined): void {
    const left = this.#waiting;
    this.#waiting = [];
    this.answered(outcomes ?? []);
    for (const pending of left) pending.settle(undefined);
  }

  #done(outcomeOf: (index: number) => Outcome | undefined): void {
    const batch = this.#inFlight ?? [];
    this.#inFlight = undefined;
    for (const [index, pending] of batch.entries()) this.#answered.push([pending, outcomeOf(index)]);
    this.#flush();
    if (!this.#isSettling) this.#settle();
  }

  #flush(): void {
    if (this.#inFlight !== undefined || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, batchLength(this.#waiting));
    this.#inFlight = batch;
    this.#send(batch.map(({ call }) => call));
  }

  #settle(): void {
    for (const [pending, outcome] of this.#answered.splice(0, settledPerTurn)) pending.settle(outcome);
    this.#isSettling = this.#answered.length > 0;
    if (this.#isSettling) setImmediate(() => this.#settle());
  }
}

/** The number of calls, from the first on, that make one batch: at least one. */
function batchLength(pending: readonly PendingCall[]): number {
  let reads = 0;
  let characters = 0;
  for (const [index, { call }] of pending.entries()) {
    reads += isRead(call) ? 1 : 0;
    characters += sizeOf(call);
    const isFull = index >= mostCalls || reads > mostReads || characters > mostCharacters;
    if (index > 0 && isFull) return index;
  }
  return pending.length;
}
