import type { Clock } from '../clock/clock.ts';
import { noLongerNeeded } from '../clock/no-longer-needed.ts';
import type { RunStore } from '../store/run-store.ts';
import { randomId } from './random-id.ts';

/** How long a claim holds that is not renewed: what a dead process's runs wait before another takes them up. */
const ttlMs = 15_000;

/**
 * The claims that one runner holds: whoever drives a run has its claim, so that no effect is performed twice. One
 * loop renews them all. Without claims in the store, everything is ours.
 */
export class Claims {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #owner = randomId();
  readonly #held = new Map<string, () => void>();
  #renewing: AbortController | undefined;

  constructor(store: RunStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether the run may be driven here now. `lost` is called once if the claim is lost later. */
  async take(runId: string, lost: () => void): Promise<boolean> {
    if (this.#store.claim === undefined) return true;
    if (!(await this.#store.claim(runId, this.#owner, ttlMs))) return false;
    this.#held.set(runId, lost);
    if (this.#renewing === undefined) void this.#renew();
    return true;
  }

  async release(runId: string): Promise<void> {
    if (!this.#held.delete(runId)) return;
    if (this.#held.size === 0) {
      this.#renewing?.abort(noLongerNeeded);
      this.#renewing = undefined;
    }
    // A claim that cannot be given back runs out by itself.
    await this.#store.release?.(runId, this.#owner).catch(() => undefined);
  }

  async #renew(): Promise<void> {
    const renewing = new AbortController();
    this.#renewing = renewing;
    for (;;) {
      await this.#clock.sleep(ttlMs / 3, renewing.signal);
      if (renewing.signal.aborted) return;
      for (const runId of [...this.#held.keys()]) {
        // A store that cannot be reached has not given the claim to anyone else yet; the commit would tell.
        const ours = await this.#store.claim?.(runId, this.#owner, ttlMs).catch(() => true);
        const lost = this.#held.get(runId);
        if (ours === false && lost !== undefined) {
          this.#held.delete(runId);
          lost();
        }
      }
    }
  }
}
