import type { RunStore } from '../../store/run-store.ts';
import type { RunEvent } from '../../engine/view/run-event.ts';
import { fieldsOf, type JsonValue } from '../../wire/json.ts';

/**
 * A message between the processes that show one run. `hello` asks for the view, or for the events since the last save,
 * and for all later events, `listening` only for later events.
 */
export type LiveMessage =
  | { readonly type: 'hello' | 'listening' }
  | {
      readonly type: 'events';
      readonly revision: number;
      readonly after?: number;
      /** The number of the save with this revision, if these are all events since that save. */
      readonly base?: number;
      readonly events: readonly RunEvent[];
    };

/** Whether a message asks for the current view of the process that drives the run. */
export function isHello(message: JsonValue): boolean {
  return fieldsOf(message)['type'] === 'hello';
}

export function isListening(message: JsonValue): boolean {
  return fieldsOf(message)['type'] === 'listening';
}

/** Sends messages to the other processes that show a run, if the store has `publish`. */
export class LiveMessages {
  readonly #store: RunStore;
  readonly #runId: string;

  constructor(store: RunStore, runId: string) {
    this.#store = store;
    this.#runId = runId;
  }

  send(message: LiveMessage): void {
    void this.#publish(JSON.parse(JSON.stringify(message)));
  }

  /** If the store fails, followers only lack live text. */
  async #publish(message: JsonValue): Promise<void> {
    try {
      // A custom store may return a promise.
      const published: unknown = this.#store.publish?.(this.#runId, message);
      await published;
    } catch {
      // Ignored, because all data that must not be lost is saved.
    }
  }
}
