import { repeat } from '../../clock/repeat.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunStore } from '../../store/run-store.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { agentOfUndriven, undrivenRuns } from '../saved/undriven.ts';

/** The delay between two queries for runs that no process drives, in milliseconds. */
const lookEveryMs = 15_000;
/** The maximum number of runs that are resumed at the same time. */
const atOnce = 16;

/** The runner that adopts runs. */
export interface AdoptingRunner {
  /** The names of the agents whose runs the runner can drive. */
  readonly agents: readonly string[];
  /** Whether the runner drives the run, or takes it over itself if its process dies. */
  isTaken(runId: string): boolean;
  adopt(runId: string, agent: string): Promise<unknown>;
}

/**
 * Drives runs that no process drives, because the process that drove them has died, or because a message waits for
 * them. Each runner tries a run once: a run that cannot be driven here must not be tried again and again.
 */
export class Adoption {
  readonly #store: RunStore;
  readonly #runner: AdoptingRunner;
  /** Runs that could not be driven here. */
  readonly #failed = new Set<string>();
  readonly #pending = new Set<string>();
  readonly #end: () => void;
  #ended = false;

  constructor({ store, clock }: LoopPorts, runner: AdoptingRunner) {
    this.#store = store;
    this.#runner = runner;
    const looks = runner.agents.length > 0 && store.claim !== undefined;
    this.#end = looks ? repeat(clock, lookEveryMs, () => this.#look(), { unref: true }) : () => undefined;
  }

  /** A message waits for the run. Drives the run if no process does. */
  async check(runId: string): Promise<void> {
    if (this.#ended || this.#runner.isTaken(runId)) return;
    // A run that cannot be read is reported by `resumeAll` and `resume`.
    const agent = await agentOfUndriven(this.#store, runId, this.#runner.agents).catch(() => undefined);
    if (agent !== undefined) await this.#adopt(runId, agent);
  }

  end(): void {
    this.#ended = true;
    this.#end();
  }

  async #look(): Promise<void> {
    // A store that fails is asked again at the next look.
    const found = await undrivenRuns(this.#store, this.#runner.agents).catch(() => []);
    const left = found.filter(({ runId }) => !this.#failed.has(runId) && !this.#runner.isTaken(runId));
    const adoptNext = async (): Promise<void> => {
      for (let run = left.shift(); run !== undefined; run = left.shift())
        await this.#adopt(run.runId, run.agent);
    };
    await Promise.all(Array.from({ length: atOnce }, adoptNext));
  }

  async #adopt(runId: string, agent: string): Promise<void> {
    if (this.#ended || this.#pending.has(runId) || this.#runner.isTaken(runId)) return;
    this.#pending.add(runId);
    try {
      await this.#runner.adopt(runId, agent);
    } catch (error) {
      // `resumeAll` and `resume` report this error.
      if (!LonghaulError.isInstance(error) || error.code !== 'unavailable') this.#failed.add(runId);
    } finally {
      this.#pending.delete(runId);
    }
  }
}
