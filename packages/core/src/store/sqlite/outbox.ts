import type { Call, Outcome, ThrownData } from './calls.ts';

/** A call, and who waits for it. */
export interface PendingCall {
  readonly call: Call;
  /** `undefined` where the store was closed before it was performed. */
  settle(outcome: Outcome | undefined): void;
}

/** Calls that one batch may have: its transaction holds the lock, and must not be long. */
const mostCalls = 512;
/** Of those, calls that read: what each gives is taken apart here, in one go. */
const mostReads = 64;
/** Characters that one batch may bring. */
const mostCharacters = 4_000_000;
/** Calls that are settled in one turn of the event loop: each lets a run take its next step. */
const settledPerTurn = 16;

function isRead({ type }: Call): boolean {
  return type === 'load' || type === 'list' || type === 'look';
}

function sizeOf(call: Call): number {
  if (call.type === 'commit') return call.head.length + (call.items?.length ?? 0);
  return call.type === 'post' ? call.message.length : 0;
}

/**
 * Gathers calls while a batch of them is under way, so that the next one takes them all, and spreads what comes of
 * them over the turns of the event loop: thousands of runs that go on at once would block it.
 */
export class Outbox {
  readonly #send: (calls: readonly Call[]) => void;
  #waiting: PendingCall[] = [];
  #hasWorkInFlight: readonly PendingCall[] | undefined;
  readonly #answered: [PendingCall, Outcome | undefined][] = [];
  #isFlushing = false;
  #isSettling = false;

  /** @param send Performs a batch; its outcomes are given to `answered`. */
  constructor(send: (calls: readonly Call[]) => void) {
    this.#send = send;
  }

  add(pending: PendingCall): void {
    // Renewals wait for nobody: the claims of every run depend on them.
    if (pending.call.type === 'renew') this.#waiting.unshift(pending);
    else this.#waiting.push(pending);
    if (this.#hasWorkInFlight !== undefined || this.#isFlushing) return;
    this.#isFlushing = true;
    // What is called in the same turn goes with it.
    setImmediate(() => {
      this.#isFlushing = false;
      this.#flush();
    });
  }

  /** What came of the batch that is under way. */
  answered(outcomes: readonly Outcome[]): void {
    this.#done((index) => outcomes[index]);
  }

  /** The batch that is under way failed as a whole, and nobody knows whether it was performed. */
  failed(thrown: ThrownData): void {
    this.#done(() => ({ thrown }));
  }

  /** No more batches: `outcomes` is what came of the last one, and everything else was not performed. */
  close(outcomes: readonly Outcome[] | undefined): void {
    const left = this.#waiting;
    this.#waiting = [];
    this.answered(outcomes ?? []);
    for (const pending of left) pending.settle(undefined);
  }

  #done(outcomeOf: (index: number) => Outcome | undefined): void {
    const batch = this.#hasWorkInFlight ?? [];
    this.#hasWorkInFlight = undefined;
    for (const [index, pending] of batch.entries()) this.#answered.push([pending, outcomeOf(index)]);
    this.#flush();
    if (!this.#isSettling) this.#settle();
  }

  #flush(): void {
    if (this.#hasWorkInFlight !== undefined || this.#waiting.length === 0) return;
    const batch = this.#waiting.splice(0, batchLength(this.#waiting));
    this.#hasWorkInFlight = batch;
    this.#send(batch.map(({ call }) => call));
  }

  #settle(): void {
    for (const [pending, outcome] of this.#answered.splice(0, settledPerTurn)) pending.settle(outcome);
    this.#isSettling = this.#answered.length > 0;
    if (this.#isSettling) setImmediate(() => this.#settle());
  }
}

/** How many of these calls, from the first on, make one batch: at least one. */
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
