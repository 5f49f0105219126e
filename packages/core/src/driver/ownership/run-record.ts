import { abortReason } from '../../clock/abort-reason.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { RunLook, RunSnapshot } from '../../store/run-store.ts';
import { loadedLoop, loadLoop, type LoopCode } from '../load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import type { SeenMessages } from '../loop/seen-messages.ts';
import { loadSnapshot } from '../saved/snapshot.ts';
import { type ClaimHolder, type Claims, claimTtlMs } from './claims.ts';
import type { InboxEvent } from './inbox-message.ts';

/** The time limit of the last save after a release, and then of the release itself, in milliseconds. */
const releaseWithinMs = 2_000;

/** One run in the store: its snapshot, its claim, its inbox. Calls are retried while the store is unavailable. */
export class RunRecord {
  readonly #ports: LoopPorts;
  readonly #claims: Claims;
  readonly #runId: string;
  readonly #holder: ClaimHolder;
  #lastSave: Promise<void> = Promise.resolve();
  #released: Promise<void> = Promise.resolve();
  /** Pending calls, which are aborted when their answers are no longer needed. */
  #pending: readonly AbortController[] = [];

  constructor(ports: LoopPorts, claims: Claims, runId: string, holder: ClaimHolder) {
    this.#ports = ports;
    this.#claims = claims;
    this.#runId = runId;
    this.#holder = holder;
  }

  /**
   * Requests the claim, after a pending release of it. If the store has not answered the last save, this waits for the
   * lifetime of a claim at most: by then, other processes may take the run too.
   */
  async claim(): Promise<boolean> {
    await this.#released;
    await withTimeout(claimTtlMs, this.#ports.clock, this.#lastSave, () => undefined);
    return this.retry(() => this.#claims.take(this.#runId, this.#holder));
  }

  /** Releases the claim after `lastSave`. */
  release(lastSave: Promise<void>): void {
    this.#lastSave = lastSave;
    const released = this.#claims.release(this.#runId, this.#holder, lastSave);
    this.#released = this.#waitForRelease(released);
  }

  async #waitForRelease(released: Promise<void>): Promise<void> {
    const { clock } = this.#ports;
    const saved = this.#lastSave.then(() => true);
    const isSaved = await withTimeout(releaseWithinMs, clock, saved, () => false);
    if (isSaved) await withTimeout(releaseWithinMs, clock, released, () => undefined);
  }

  /** Ends the retries of pending calls, because the run has ended, or is no longer driven or followed here. */
  giveUp(): void {
    for (const call of this.#pending) call.abort(abortReason);
  }

  /** Resolves when the claim is released, or when the time limit of the release is over. */
  released(): Promise<void> {
    return this.#released;
  }

  load(): Promise<RunSnapshot | undefined> {
    return this.retry(() => loadSnapshot(this.#ports.store, this.#runId));
  }

  /** Whether a process holds the claim. Undefined if the store does not report it. */
  async look(): Promise<RunLook | undefined> {
    const looks = await this.#ports.store.look?.([this.#runId]).catch(() => undefined);
    return Array.isArray(looks) ? looks.find((look) => look?.runId === this.#runId) : undefined;
  }

  /** Messages that the loop has not received yet. Each stays in the store until the loop has saved its effect. */
  async receive(seen: SeenMessages): Promise<InboxEvent[]> {
    const { receiveMessages } = await this.#code();
    const received = await this.retry(() => receiveMessages(this.#ports.store, this.#runId));
    return received.filter((message) => !seen.has(message));
  }

  /** Posts a message for the process that drives the run. */
  async post(message: InboxEvent): Promise<void> {
    const { store } = this.#ports;
    if (!store.post) {
      const reason = `Run ${this.#runId} is driven by another process, and the store has no \`post\` to reach it.`;
      throw new LonghaulError('driven_elsewhere', reason);
    }
    const { messageBody } = await this.#code();
    await this.retry(async () => store.post?.(this.#runId, messageBody(message)));
  }

  /** The code that reads and writes messages. A message is only sent or received while that of the loop is loaded. */
  async #code(): Promise<LoopCode> {
    return loadedLoop() ?? (await loadLoop(this.#ports));
  }

  async retry<T>(ask: () => Promise<T>): Promise<T> {
    const call = new AbortController();
    const { signal } = call;
    this.#pending = [...this.#pending, call];
    const askAgain = async (): Promise<T> => {
      if (signal.aborted) throw new StoreError('unavailable', 'The answer of the store is no longer needed.');
      return ask();
    };
    try {
      return await retryStore(this.#ports, askAgain, signal);
    } finally {
      this.#pending = this.#pending.filter((one) => one !== call);
    }
  }
}
