import { within } from '../clock/within.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { StoreError } from '../errors/store-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import type { ClaimHolder, Claims } from './claims.ts';
import { type InboxEvent, messageBody, receiveMessages } from './inbox-message.ts';
import type { LoopPorts } from './loop-setup.ts';
import { retryStore } from './retry-store.ts';
import type { SeenMessages } from './seen-messages.ts';
import { loadSnapshot } from './snapshot.ts';

/** How long a claim is waited for that a process left behind when it died before its first save, and how often it is asked for. */
const abandonedForMs = 20_000;
const askEveryMs = 1_000;

/** How long it is waited for that the claim is given back, in milliseconds. */
const releaseWithinMs = 2_000;

/** One run as the store has it: what was saved, its claim, its inbox. A store that is unavailable is waited for. */
export class RunRecord {
  readonly #ports: LoopPorts;
  readonly #claims: Claims;
  readonly #runId: string;
  readonly #holder: ClaimHolder;
  /** Messages of this process for its next loop. */
  readonly #left: InboxEvent[] = [];

  /** The claim on its way back to the store. */
  #released: Promise<void> = Promise.resolve();

  constructor(ports: LoopPorts, claims: Claims, runId: string, holder: ClaimHolder) {
    this.#ports = ports;
    this.#claims = claims;
    this.#runId = runId;
    this.#holder = holder;
  }

  /** Whether the run may be driven here from now on. */
  claim(): Promise<boolean> {
    return retryStore(this.#ports, () => this.#claims.take(this.#runId, this.#holder));
  }

  /**
   * The claim on a run that does not exist yet. One that is held is a run of that id, or was left by a process that died.
   *
   * @throws StoreError `conflict` where there is such a run
   */
  async claimNew(): Promise<void> {
    const { clock, time } = this.#ports;
    const since = time.now();
    while (!(await this.claim())) {
      if (time.now() - since >= abandonedForMs || (await this.load()) !== undefined) {
        throw new StoreError('conflict', `a run ${this.#runId} exists already, and nothing was sent.`);
      }
      await clock.sleep(askEveryMs);
    }
  }

  release(): Promise<void> {
    const released = this.#claims.release(this.#runId, this.#holder);
    this.#released = within(releaseWithinMs, this.#ports.clock, released, () => undefined);
    return this.#released;
  }

  /** Resolves when the claim has been given back, or the store has not answered in time. */
  released(): Promise<void> {
    return this.#released;
  }

  load(): Promise<RunSnapshot | undefined> {
    return retryStore(this.#ports, () => loadSnapshot(this.#ports.store, this.#runId));
  }

  /** Messages that the loop was not given yet. Each stays in the store until the loop has saved its effect. */
  async takeMessages(seen: SeenMessages): Promise<InboxEvent[]> {
    const received = await retryStore(this.#ports, () => receiveMessages(this.#ports.store, this.#runId));
    return [...this.#left.splice(0), ...received.filter((message) => !seen.has(message))];
  }

  /** Leaves a message for this process, which is about to resume the run. */
  leave(message: InboxEvent): void {
    this.#left.push(message);
  }

  /** Posts a message for the process that drives the run. A message that came from the inbox is there already. */
  async post(message: InboxEvent): Promise<void> {
    const { store } = this.#ports;
    if (message.source?.storeId !== undefined) return;
    if (!store.post) {
      const reason = `Run ${this.#runId} is driven by another process, and the store has no \`post\` to reach it by.`;
      throw new LonghaulError('driven_elsewhere', reason);
    }
    await retryStore(this.#ports, async () => store.post?.(this.#runId, messageBody(message)));
  }
}
