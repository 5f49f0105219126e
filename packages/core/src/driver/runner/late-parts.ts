import { loadLoop, type LoopCode } from '../load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Adoption, AdoptingRunner } from './adoption.ts';
import type { FollowedRuns, FollowedRun, FollowingRunner } from './followed-runs.ts';

interface Parts<Run extends FollowedRun> {
  readonly code: LoopCode;
  readonly adoption: Adoption;
  readonly followed: FollowedRuns<Run>;
}

interface LateRunner<Run extends FollowedRun> extends AdoptingRunner, FollowingRunner<Run> {
  /** The code of the loop is loaded. */
  loaded(code: LoopCode): void;
}

/** The parts of a runner whose code loads with the code of the loop. */
export class LateParts<Run extends FollowedRun> {
  readonly #ports: LoopPorts;
  readonly #runner: LateRunner<Run>;
  readonly #closing: AbortSignal;
  #loading: Promise<Parts<Run>> | undefined;

  constructor(ports: LoopPorts, runner: LateRunner<Run>, closing: AbortSignal) {
    this.#ports = ports;
    this.#runner = runner;
    this.#closing = closing;
  }

  /** @throws LonghaulError `not_loaded` */
  load(): Promise<Parts<Run>> {
    this.#loading ??= this.#load().catch((error: unknown) => {
      // The next call tries again.
      this.#loading = undefined;
      throw error;
    });
    return this.#loading;
  }

  /** Uses the parts once they are loaded. If they cannot be loaded, nothing happens. */
  whenLoaded(use: (parts: Parts<Run>) => unknown): void {
    this.load().then(use, () => undefined);
  }

  async #load(): Promise<Parts<Run>> {
    const code = await loadLoop(this.#ports, this.#closing);
    this.#runner.loaded(code);
    const adoption = new code.Adoption(this.#ports, this.#runner);
    if (this.#closing.aborted) adoption.end();
    else this.#closing.addEventListener('abort', () => adoption.end());
    return { code, adoption, followed: new code.FollowedRuns(this.#runner) };
  }
}
