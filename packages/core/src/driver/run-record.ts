import { within } from '../clock/within.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { StoreError } from '../errors/store-error.ts';
import type { RunSnapshot } from '../store/run-store.ts';
import { jsonCopy } from '../wire/json-copy.ts';
import { answered } from './answered.ts';
import type { ClaimHolder, Claims } from './claims.ts';
import { type InboxEvent, takeMessages } from './inbox-message.ts';
import type { LoopPorts } from './loop-setup.ts';
import { retryStore } from './retry-store.ts';
import type { RunLoop } from './run-loop.ts';
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
  /** What was left from here: whoever drives may die between taking a message and saving what comes of it. */
  readonly #posted: InboxEvent[] = [];

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

  /** Takes what was left for whoever drives, here and elsewhere. One that was carried out already changes nothing. */
  async takeMessages(): Promise<InboxEvent[]> {
    const { store, clock } = this.#ports;
    // Those that come too late are gone from the store: they are left there once more.
    const again = (late: readonly InboxEvent[]): void => {
      for (const message of late) this.#send(message).catch(() => undefined);
    };
    const taken = await retryStore(this.#ports, () =>
      answered(clock, takeMessages(store, this.#runId), again),
    );
    return [...this.#posted.splice(0), ...taken];
  }

  /** Feeds messages to the run. If this process has stopped driving it meanwhile, posts them again for the new driver. */
  async handOn(
    loop: Pick<RunLoop, 'feed' | 'over' | 'stopped'>,
    messages: readonly InboxEvent[],
  ): Promise<void> {
    for (const message of messages) {
      if (loop.stopped && !loop.over) await this.post(message);
      else loop.feed(message);
    }
  }

  /** Another process drives now, which does not know what the one before was told. */
  async postAgain(): Promise<void> {
    for (const message of this.#posted) await this.#send(message);
  }

  /** Leaves a message for this process, which is about to take the run up. */
  leave(message: InboxEvent): void {
    this.#posted.push(message);
  }

  /** Leaves a message for whoever drives. */
  async post(message: InboxEvent): Promise<void> {
    const { store } = this.#ports;
    if (!store.post) {
      const reason = `Run ${this.#runId} is driven by another process, and the store has no \`post\` to reach it by.`;
      throw new LonghaulError('driven_elsewhere', reason);
    }
    this.#posted.push(message);
    await this.#send(message);
  }

  async #send(message: InboxEvent): Promise<void> {
    await retryStore(this.#ports, async () => this.#ports.store.post?.(this.#runId, jsonCopy(message)));
  }
}
