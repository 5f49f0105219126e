import type { Effect } from './effect.ts';
import type { EngineEvent } from './engine-event.ts';
import type { Phase, RunState } from './run-state.ts';
import { statusOf } from './run-status.ts';
import type { StoredItem } from './stored-item.ts';
import { mergeDeltas, type RunEventBody } from './view/run-event.ts';
import { isTerminalRun, type AttemptView } from './view/run-view.ts';

/**
 * Collects one transition: the state so far, the items to save, the events and the effects. Private to one call of
 * `transition`, which is pure for its caller.
 */
export class Step {
  state: RunState;
  /** Wall time, for display. */
  readonly at: number;
  /** Milliseconds on the run's own time line (`RunState.clock`), for durations and deadlines. */
  readonly time: number;
  readonly random: number;
  readonly #append: StoredItem[] = [];
  readonly #events: RunEventBody[] = [];
  readonly #effects: Effect[] = [];
  #saves = false;
  /** The store's id of the message that caused the event. */
  readonly #received: string | undefined;

  constructor(state: RunState, event: EngineEvent) {
    this.state = state;
    this.at = event.at;
    this.time = event.time ?? event.at;
    this.random = event.random;
    this.#received = 'source' in event ? event.source?.storeId : undefined;
  }

  /** Changes the state. A change that another process needs also requires `save` (I7). */
  set(change: Partial<RunState>): void {
    this.state = { ...this.state, ...change };
  }

  enter(phase: Phase): void {
    this.state = { ...this.state, phase };
  }

  /** Requests a save of the state at the end of the step, with these items. */
  save(...items: readonly StoredItem[]): void {
    this.#saves = true;
    this.#append.push(...items);
  }

  /** Emits an event. Deltas of the same text are merged, because they arrived together. */
  emit(event: RunEventBody): void {
    const last = this.#events.at(-1);
    const merged = last && mergeDeltas(last, event);
    if (merged !== undefined) this.#events.pop();
    this.#events.push(merged ?? event);
  }

  /** Derives the public status from the rest of the state. The end of a run has its own event. */
  updateStatus(): void {
    const status = statusOf(this.state);
    if (status === this.state.status) return;
    this.set({ status });
    if (!isTerminalRun(status)) this.emit({ type: 'run.status', status });
  }

  perform(effect: Effect): void {
    this.#effects.push(effect);
  }

  /** Records a warning. It is saved and shown. */
  warn(code: string, message: string): void {
    this.save({ type: 'warning', code, message, at: this.at });
    this.emit({ type: 'warning', code, message });
  }

  /** Changes the current attempt's record. */
  setAttempt(change: Partial<AttemptView>): void {
    const attempts = this.state.attempts;
    const current = attempts.at(-1);
    if (current !== undefined) this.set({ attempts: [...attempts.slice(0, -1), { ...current, ...change }] });
  }

  /**
   * Returns the effects for the driver, in this order: the save, the events, the other effects. The save is first,
   * because a crash must not lose a state that an event or a request has shown (I7).
   */
  finish(): Effect[] {
    const effects: Effect[] = [];
    const received = this.#received;
    // A step for a message without an effect saves too, because only a save deletes the message.
    if (this.#saves || received !== undefined) {
      this.set({ revision: this.state.revision + 1, updatedAt: this.at });
      effects.push({
        type: 'save',
        append: this.#append,
        ...(received !== undefined && { received: [received] }),
      });
    }
    for (const event of this.#events) effects.push({ type: 'emit', event });
    effects.push(...this.#effects);
    return effects;
  }
}
