import { abortReason } from '../../clock/abort-reason.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { ContextFunction } from '../context-function.ts';
import { loadLoop } from '../load-loop.ts';
import type { LoopPorts } from '../loop-setup.ts';

/** The context that the tools of one run receive in this process. */
export class RunContext {
  readonly #ports: LoopPorts;
  readonly #provide: ContextFunction | undefined;
  #own: unknown;
  #provided: unknown;
  #pending: AbortController | undefined;

  constructor(ports: LoopPorts, provide: ContextFunction | undefined) {
    this.#ports = ports;
    this.#provide = provide;
  }

  get value(): unknown {
    return this.#own ?? this.#provided;
  }

  /** Where the context comes from. Undefined if there is none. */
  get source(): 'own' | 'runner' | undefined {
    if (this.#own !== undefined) return 'own';
    return this.#provided === undefined ? undefined : 'runner';
  }

  /** Sets the context that the caller passed. It takes precedence. */
  give(own: unknown): void {
    this.giveUp();
    this.#own = own;
    this.#provided = undefined;
  }

  /** Asks the runner for the context, unless the caller passed one. @throws LonghaulError see `contextOf` */
  async provide(state: RunState): Promise<void> {
    if (this.#own !== undefined) return;
    this.giveUp();
    const pending = new AbortController();
    this.#pending = pending;
    const { contextOf } = await loadLoop(this.#ports, pending.signal);
    const given = await contextOf(this.#ports, state, this.#provide, pending.signal);
    if (!pending.signal.aborted) this.#provided = given;
  }

  /** The context is no longer needed: the run has ended, or is no longer driven here. */
  giveUp(): void {
    this.#pending?.abort(abortReason);
  }
}
