import { withTimeout } from '../../clock/time-out.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { retryStore } from '../saved/retry-store.ts';
import type { SeenMessages } from '../loop/seen-messages.ts';
import { loadSnapshot } from '../saved/snapshot.ts';
import type { ClaimHolder, Claims } from './claims.ts';
import { type InboxEvent, messageBody, receiveMessages } from './inbox-message.ts';

/** The time limit of the last save, and then of the release of the claim, in milliseconds. */
const releaseWithinMs = 2_000;

/** One run in the store: its snapshot, its claim, its inbox. Calls are retried while the store is unavailable. */
export class RunRecord {
  readonly #ports: LoopPorts;
  readonly #claims: Claims;
  readonly #runId: string;
  readonly #holder: ClaimHolder;
  #released: Promise<void> = Promise.resolve();

  constructor(ports: LoopPorts, claims: Claims, runId: string, holder: ClaimHolder) {
    this.#ports = ports;
    this.#claims = claims;
    this.#runId = runId;
    this.#holder = holder;
  }

  /** Requests the claim, after a pending release of it. */
  async claim(): Promise<boolean> {
    await this.#released;
    return retryStore(this.#ports, () => this.#claims.take(this.#runId, this.#holder));
  }

  /**
   * Releases the claim after `lastSave`, because a later save would conflict with the first save of the next process.
   */
  release(lastSave: Promise<void>): void {
    const { clock } = this.#ports;
    const isOver = withTimeout(releaseWithinMs, clock, lastSave, () => undefined);
    const released = isOver.then(() => this.#claims.release(this.#runId, this.#holder));
    this.#released = withTimeout(2 * releaseWithinMs, clock, released, () => undefined);
  }

  /** Resolves when the claim was released, or when the store has not answered in time. */
  released(): Promise<void> {
    return this.#released;
  }

  load(): Promise<RunSnapshot | undefined> {
    return retryStore(this.#ports, () => loadSnapshot(this.#ports.store, this.#runId));
  }

  /** Messages that the loop has not received yet. Each stays in the store until the loop has saved its effect. */
  async receive(seen: SeenMessages): Promise<InboxEvent[]> {
    const received = await retryStore(this.#ports, () => receiveMessages(this.#ports.store, this.#runId));
    return received.filter((message) => !seen.has(message));
  }

  /** Posts a message for the process that drives the run. */
  async post(message: InboxEvent): Promise<void> {
    const { store } = this.#ports;
    if (!store.post) {
      const reason = `Run ${this.#runId} is driven by another process, and the store has no \`post\` to reach it.`;
      throw new LonghaulError('driven_elsewhere', reason);
    }
    await retryStore(this.#ports, async () => store.post?.(this.#runId, messageBody(message)));
  }
}
