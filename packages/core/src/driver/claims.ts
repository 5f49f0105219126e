import type { Clock } from '../clock/clock.ts';
import { repeat } from '../clock/repeat.ts';
import type { RunStore } from '../store/run-store.ts';
import { randomId } from './random-id.ts';

/** How long a claim holds that is not renewed: what a dead process's runs wait before another takes them up. */
const ttlMs = 15_000;

/** Who drives by a claim: one handle of the run, as two of one process must not both drive it either. */
export interface ClaimHolder {
  /** Somebody else has the claim now. Called once. */
  claimLost(): void;
}

/**
 * The claims that one runner holds: whoever drives a run has its claim, so that no effect is performed twice. One
 * loop renews them all. Without claims in the store, everything is ours.
 */
export class Claims {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #owner = randomId();
  readonly #held = new Map<string, ClaimHolder>();
  #endRenewing: (() => void) | undefined;

  constructor(store: RunStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Whether the run may be driven here now, by this holder. */
  async take(runId: string, holder: ClaimHolder): Promise<boolean> {
    if (this.#store.claim === undefined) return true;
    if (this.#isHeldByAnother(runId, holder)) return false;
    if (!(await this.#store.claim(runId, this.#owner, ttlMs))) return false;
    // The store knows owners, not handles: one that was quicker has the claim.
    if (this.#isHeldByAnother(runId, holder)) return false;
    this.#held.set(runId, holder);
    this.#endRenewing ??= repeat(this.#clock, ttlMs / 3, () => this.#renew());
    return true;
  }

  async release(runId: string, holder: ClaimHolder): Promise<void> {
    if (this.#held.get(runId) !== holder) return;
    this.#held.delete(runId);
    if (this.#held.size === 0) {
      this.#endRenewing?.();
      this.#endRenewing = undefined;
    }
    try {
      await this.#store.release?.(runId, this.#owner);
    } catch {
      // A claim that cannot be given back runs out by itself.
    }
  }

  #isHeldByAnother(runId: string, holder: ClaimHolder): boolean {
    const current = this.#held.get(runId);
    return current !== undefined && current !== holder;
  }

  async #isTaken(runId: string): Promise<boolean> {
    try {
      return (await this.#store.claim?.(runId, this.#owner, ttlMs)) === false;
    } catch {
      // A store that cannot be reached has not given the claim to anyone else yet; the commit would tell.
      return false;
    }
  }

  async #renew(): Promise<void> {
    for (const [runId, holder] of [...this.#held]) {
      // Given back while the others were renewed: claimed again it would keep everybody out for nothing.
      if (this.#held.get(runId) !== holder) continue;
      if ((await this.#isTaken(runId)) && this.#held.get(runId) === holder) {
        this.#held.delete(runId);
        holder.claimLost();
      }
    }
  }
}
