import type { EngineEventBody } from '../../engine/engine-event.ts';
import type { RunState } from '../../engine/run-state.ts';

/**
 * Messages of the user that come before the first event of a new run. They wait for that event: it has the conversation
 * that the run continues, and a save without it would lose that conversation. A cancel waits only if the run continues
 * another one.
 */
export class EarlyMessages {
  /** Undefined after the first event. */
  #held: EngineEventBody[] | undefined;
  readonly #continues: boolean;
  readonly #released = Promise.withResolvers<void>();

  constructor({ phase, continues }: RunState) {
    this.#held = phase.type === 'starting' ? [] : undefined;
    this.#continues = continues !== undefined;
  }

  /** Keeps the event if it is a message that must wait. Returns whether it was kept. */
  hold(event: EngineEventBody): boolean {
    const mustWait = 'source' in event && (event.type !== 'cancel_asked' || this.#continues);
    if (this.#held === undefined || !mustWait) return false;
    this.#held.push(event);
    return true;
  }

  /** The messages that have waited for this event. */
  after(event: EngineEventBody): readonly EngineEventBody[] {
    const isFirst = event.type === 'started' || event.type === 'start_failed' || event.type === 'resumed';
    return isFirst ? this.release() : [];
  }

  /** The messages that wait. After this, none waits. */
  release(): readonly EngineEventBody[] {
    const held = this.#held ?? [];
    this.#held = undefined;
    this.#released.resolve();
    return held;
  }

  /** Resolves when no message waits. */
  async released(): Promise<void> {
    if (this.#held !== undefined && this.#held.length > 0) await this.#released.promise;
  }
}
