import type { Clock } from '../../clock/clock.ts';
import { repeat } from '../../clock/repeat.ts';
import { withTimeout } from '../../clock/time-out.ts';
import { mustBe } from '../../errors/must-be.ts';
import type { RunStore } from '../../store/run-store.ts';
import { boundedCall } from '../saved/bounded-store.ts';
import { randomId } from '../../run/random-id.ts';

/**
 * The time after which a claim expires, in milliseconds. Another process can then take over the runs of a dead process.
 */
export const claimTtlMs = 15_000;
/** The delay between the end of a round of renewals and the next round, in milliseconds. */
const renewEveryMs = 5_000;
/** The time limit of a round of renewals, in milliseconds. A second round fits in before the claims expire. */
const roundMs = 2_500;

/** The holder of a claim: one handle of the run, because two handles of one process must not both drive it. */
export interface ClaimHolder {
  /** Called once, when the claim is lost. Another process may then hold the claim. */
  claimLost(): void;
}

/** A granted claim. A later claim of the same run is another object. */
interface Claim {
  readonly holder: ClaimHolder;
  /** The renewals of this claim that the store has not answered yet. */
  unanswered: number;
  /** Whether the claim will be released after the last save. It needs no more renewals. */
  isEnding: boolean;
}

/** The maximum number of unanswered renewals per claim. Each may occupy a connection that other runs need. */
const mostUnanswered = 3;

/**
 * The claims that one runner holds. The process that drives a run holds its claim, so that no effect is performed
 * twice. One loop renews all claims. If the store has no claims, every run may be driven.
 */
export class Claims {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #owner = randomId();
  readonly #held = new Map<string, Claim>();
  /** Runs whose claim is requested, with the number of pending requests. */
  readonly #asked = new Map<string, number>();
  /** Claims of this runner that the last renewal found in the store, but that no run here holds. */
  #strays: ReadonlySet<string> = new Set();
  #endRenewing: (() => void) | undefined;

  constructor(store: RunStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  /** Requests the claim. @returns whether this holder may now drive the run */
  async take(runId: string, holder: ClaimHolder): Promise<boolean> {
    if (!this.#store.claim) return true;
    if (this.#isHeldByAnother(runId, holder)) return false;
    this.#asked.set(runId, (this.#asked.get(runId) ?? 0) + 1);
    try {
      const asked = this.#store.claim(runId, this.#owner, claimTtlMs);
      const given = await boundedCall(this.#clock, asked, (late) => late && this.#releaseUnused(runId));
      // A custom store may return a number of rows, or undefined. Neither states whether the claim was granted.
      mustBe(typeof given === 'boolean', 'store', 'claim', 'a function that answers true or false');
      if (!given) return false;
      // The store knows owners, not handles. Another handle of this process may have taken the claim in the meantime.
      if (this.#isHeldByAnother(runId, holder)) return false;
      this.#held.set(runId, { holder, unanswered: 0, isEnding: false });
      this.#endRenewing ??= repeat(this.#clock, renewEveryMs, () => this.#renew());
      return true;
    } finally {
      const others = (this.#asked.get(runId) ?? 1) - 1;
      if (others > 0) this.#asked.set(runId, others);
      else this.#asked.delete(runId);
    }
  }

  /** Releases the claim after `lastSave`. A later save would conflict with the first save of the next process. */
  async release(runId: string, holder: ClaimHolder, lastSave: Promise<void>): Promise<void> {
    const claim = this.#held.get(runId);
    if (claim?.holder !== holder) return;
    claim.isEnding = true;
    this.#endIdleRenewing();
    await lastSave;
    if (this.#held.get(runId) !== claim) return;
    this.#held.delete(runId);
    await this.#free(runId);
  }

  /** Ends the renewals if no held claim needs them. */
  #endIdleRenewing(): void {
    if ([...this.#held.values()].some(({ isEnding }) => !isEnding)) return;
    this.#endRenewing?.();
    this.#endRenewing = undefined;
  }

  #isHeldByAnother(runId: string, holder: ClaimHolder): boolean {
    const current = this.#held.get(runId);
    return current !== undefined && current.holder !== holder;
  }

  /** One round of renewals. A store that does not answer only delays the next round. A late answer still counts. */
  #renew(): Promise<void> {
    return withTimeout(roundMs, this.#clock, this.#renewHeld(), () => undefined);
  }

  async #renewHeld(): Promise<void> {
    const held = [...this.#held].filter(([, { isEnding }]) => !isEnding);
    if (this.#store.renew && (await this.#renewAtOnce(held))) return;
    // In parallel, so that a call that is slow or never answered does not delay the others.
    await Promise.all(held.map(([runId, claim]) => this.#renewOne(runId, claim)));
  }

  async #renewOne(runId: string, claim: Claim): Promise<void> {
    if (claim.unanswered >= mostUnanswered) return;
    claim.unanswered += 1;
    try {
      const given = await this.#store.claim?.(runId, this.#owner, claimTtlMs);
      if (given === false) this.#lose(runId, claim);
      // The store may have performed the renewal after the release, which then had no effect.
      else this.#releaseUnused(runId);
    } catch {
      // The claim is kept if the store cannot be reached. If another process has taken it and saved, the next commit
      // fails.
    } finally {
      claim.unanswered -= 1;
    }
  }

  /**
   * @returns false if the answer does not list the claims, so that each claim must be renewed. A custom store may
   * return other values, such as rows, or the empty list of a statement without results. An answer without any held
   * claim does not count as a list.
   */
  async #renewAtOnce(held: readonly (readonly [string, Claim])[]): Promise<boolean> {
    try {
      const said = await this.#store.renew?.(this.#owner, claimTtlMs);
      if (!Array.isArray(said)) return false;
      const ours = new Set(said);
      if (!held.some(([runId]) => ours.has(runId))) return false;
      for (const [runId, claim] of held) if (!ours.has(runId)) this.#lose(runId, claim);
      this.#releaseStrays(ours);
    } catch {
      // A store that cannot be reached does not end the claims. The next round tries again.
    }
    return true;
  }

  #lose(runId: string, claim: Claim): void {
    if (this.#held.get(runId) !== claim) return;
    this.#held.delete(runId);
    this.#endIdleRenewing();
    claim.holder.claimLost();
  }

  /**
   * Releases claims that a failed release has left in the store. Otherwise they would be renewed as long as this
   * process lives, and would block all other processes. Only a claim that two consecutive rounds find is released,
   * because a claim that one round finds may have a pending release.
   */
  #releaseStrays(ours: ReadonlySet<string>): void {
    const strays = [...ours].filter((runId) => !this.#held.has(runId) && !this.#asked.has(runId));
    for (const runId of strays) if (this.#strays.has(runId)) this.#releaseUnused(runId);
    this.#strays = new Set(strays);
  }

  /** Releases a claim that the store has granted, if no run here holds or requests it. */
  #releaseUnused(runId: string): void {
    if (!this.#held.has(runId) && !this.#asked.has(runId)) void this.#free(runId);
  }

  async #free(runId: string): Promise<void> {
    try {
      await this.#store.release?.(runId, this.#owner);
    } catch {
      // A claim that cannot be released expires, or a later round releases it.
    }
  }
}
