import { abortReason } from '../../clock/abort-reason.ts';
import type { Clock } from '../../clock/clock.ts';
import { forEachAtMost } from '../../clock/for-each-at-most.ts';
import { repeat } from '../../clock/repeat.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { undrivenRuns } from '../saved/undriven.ts';
import { isTransientStop } from './transient-stop.ts';

/** The delay between two queries for runs that no process drives, in milliseconds. */
const lookEveryMs = 15_000;
/** The delay of a query after a notice, in milliseconds. One query serves all notices that arrive until then. */
const gatherMs = 100;
/** The maximum number of runs that are resumed at the same time. */
const atOnce = 16;
/** The time after which the next run is resumed, although this one waits for its context, in milliseconds. */
const slowMs = 2_000;

/** The runner that adopts runs. */
export interface AdoptingRunner {
  /** The names of the agents whose runs the runner can drive. */
  readonly agents: readonly string[];
  /** Whether the runner drives the run, or takes it over itself if its process dies. */
  isTaken(runId: string): boolean;
  /** Drives the run, unless another process has its claim. */
  adopt(runId: string, agent: string): Promise<unknown>;
}

/**
 * Drives runs that no process drives, because the process that drove them has died, or because a message waits for
 * them. Each runner tries a run once, except after a transient error: a run that cannot be driven here must not be
 * tried again and again. A new message is another reason to try, because a run can be cancelled without its context.
 */
export class Adoption {
  readonly #store: RunStore;
  readonly #clock: Clock;
  readonly #runner: AdoptingRunner;
  /** Runs that could not be driven here. */
  readonly #failed = new Set<string>();
  readonly #pending = new Set<string>();
  readonly #looks: boolean;
  readonly #ending = new AbortController();
  #isGathering = false;

  constructor({ store, clock }: LoopPorts, runner: AdoptingRunner) {
    this.#store = store;
    this.#clock = clock;
    this.#runner = runner;
    this.#looks = runner.agents.length > 0 && store.claim !== undefined;
    if (!this.#looks) return;
    if (store.undriven === undefined && store.look === undefined)
      console.warn(
        'The store has `claim`, but neither `undriven` nor `look`. The runner does not adopt runs whose process has died. Call `resumeAll` to resume them.',
      );
    const end = repeat(clock, lookEveryMs, () => this.#look(), { unref: true });
    this.#ending.signal.addEventListener('abort', end);
  }

  /** A run that is not driven here has a message, or its claim was released. */
  lookSoon(runId: string, hasMessage: boolean): void {
    if (hasMessage) this.#failed.delete(runId);
    const { signal } = this.#ending;
    if (!this.#looks || this.#isGathering || signal.aborted) return;
    this.#isGathering = true;
    void this.#clock.sleep(gatherMs, signal).then(() => {
      this.#isGathering = false;
      return this.#look();
    });
  }

  end(): void {
    this.#ending.abort(abortReason);
  }

  async #look(): Promise<void> {
    if (this.#ending.signal.aborted) return;
    // A store that fails is asked again at the next look.
    const found = await undrivenRuns(this.#store, this.#runner.agents).catch(() => []);
    const left = found.filter(({ runId }) => !this.#failed.has(runId) && !this.#runner.isTaken(runId));
    await forEachAtMost(atOnce, left, ({ runId, agent }) =>
      withTimeout(slowMs, this.#clock, this.#adopt(runId, agent), () => undefined),
    );
  }

  async #adopt(runId: string, agent: string): Promise<void> {
    if (this.#ending.signal.aborted || this.#pending.has(runId) || this.#runner.isTaken(runId)) return;
    this.#pending.add(runId);
    try {
      await this.#runner.adopt(runId, agent);
    } catch (error) {
      // `resumeAll` and `resume` report this error.
      if (!isTransientStop(error)) this.#failed.add(runId);
    } finally {
      this.#pending.delete(runId);
    }
  }
}
