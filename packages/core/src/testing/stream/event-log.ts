import { responseObject } from '../world/response-object.ts';
import type { StoredResponse } from '../world/stored-response.ts';
import type { EventDraft } from './event-draft.ts';
import { itemEvents } from './item-events.ts';
import { oddEvent } from './odd-event.ts';

/** How an open stream ends when its response is cancelled. No recording shows OpenAI's behaviour. */
export type CancelStream = 'failed-event' | 'cancelled-event' | 'eof' | 'runs-on';

/** An event with its number. */
export interface NumberedEvent extends EventDraft {
  readonly sequence_number: number;
}

function opening(response: StoredResponse): readonly EventDraft[] {
  if (!response.background) {
    return [{ type: 'response.created', response: responseObject(response, 'in_progress') }];
  }
  const queued = responseObject(response, 'queued');
  return [
    { type: 'response.created', response: queued },
    { type: 'response.queued', response: queued },
  ];
}

function closing(response: StoredResponse): readonly EventDraft[] {
  const { outcome, oddities } = response;
  const snapshot = responseObject(response, outcome.status);
  const type = oddities.doneEvent === true ? 'response.done' : `response.${outcome.status}`;
  if (outcome.status !== 'failed') return [{ type, response: snapshot }];
  const { code, message } = outcome;
  const error: EventDraft =
    oddities.errorEvent === 'flat'
      ? { type: 'error', code, message, param: null }
      : {
          type: 'error',
          error: { type: code === 'rate_limit_exceeded' ? 'tokens' : code, code, message, param: null },
        };
  return [error, { type, response: snapshot }];
}

function running(response: StoredResponse): readonly EventDraft[] {
  const strange = response.oddities.unknownEvent;
  const unknown: readonly EventDraft[] = strange === undefined ? [] : [{ type: strange }];
  const compacting = response.input.some(({ type }) => type === 'compaction_trigger');
  return [
    { type: 'response.in_progress', response: responseObject(response, 'in_progress') },
    ...unknown,
    ...response.output.flatMap((item, outputIndex) =>
      itemEvents(item, { outputIndex, deltaSize: response.deltaSize, compacting }),
    ),
    ...unknown,
  ];
}

function afterCancel(response: StoredResponse, mode: CancelStream): readonly EventDraft[] {
  if (mode === 'eof') return [];
  const type = mode === 'cancelled-event' ? 'response.cancelled' : 'response.failed';
  return [{ type, response: responseObject(response, 'cancelled') }];
}

/**
 * The event log of one response, computed from its record. A log that is built again, for example after a restart, has
 * the same events with the same numbers. Events are numbered in the order of emission and do not change afterwards.
 */
export class EventLog {
  readonly #response: StoredResponse;
  readonly #mode: CancelStream;
  readonly #opening: readonly EventDraft[];
  readonly #running: readonly EventDraft[];
  /** The number of events if the response is not cancelled: opening, running and closing events. */
  readonly #total: number;

  constructor(response: StoredResponse, mode: CancelStream) {
    this.#response = response;
    this.#mode = mode;
    this.#opening = opening(response);
    this.#running = running(response);
    this.#total = this.#opening.length + this.#running.length + closing(response).length;
  }

  /** The number of events emitted by `now`. */
  lengthAt(now: number): number {
    const { cancelled } = this.#response;
    if (cancelled === null || this.#mode === 'runs-on') return this.#uncancelledLengthAt(now);
    return cancelled.events + afterCancel(this.#response, this.#mode).length;
  }

  /** When the event with this number is emitted; undefined if that does not depend on time alone. */
  dueAt(index: number): number | undefined {
    const { startsAt, endsAt } = this.#response;
    const step = index - this.#opening.length;
    if (step < 0) return this.#response.createdAt;
    if (startsAt === null) return undefined;
    const last = this.#total - this.#opening.length - 1;
    if (step === 0) return startsAt;
    if (endsAt === null || step > last) return undefined;
    return step === last ? endsAt : startsAt + Math.floor(((endsAt - startsAt) * step) / last);
  }

  /** Whether the log ends before this index. */
  endsBefore(index: number): boolean {
    const { cancelled } = this.#response;
    if (cancelled === null || this.#mode === 'runs-on') return index >= this.#total;
    return index >= this.lengthAt(cancelled.at);
  }

  /** The event with this number, which must have been emitted. */
  at(index: number): NumberedEvent {
    return { ...oddEvent(this.#draft(index), index, this.#response), sequence_number: index };
  }

  #draft(index: number): EventDraft {
    const { cancelled } = this.#response;
    if (cancelled !== null && this.#mode !== 'runs-on' && index >= cancelled.events) {
      const draft = afterCancel(this.#response, this.#mode)[index - cancelled.events];
      if (draft !== undefined) return draft;
    }
    const step = index - this.#opening.length;
    // Compute the closing events as late as possible. Their snapshot contains the end time, which a held queue can move
    // until the response starts.
    const draft =
      this.#opening[index] ?? this.#running[step] ?? closing(this.#response)[step - this.#running.length];
    if (draft === undefined) throw new RangeError(`The log of ${this.#response.id} has no event ${index}.`);
    return draft;
  }

  #uncancelledLengthAt(now: number): number {
    let low = 0;
    let high = this.#total;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const due = this.dueAt(middle);
      if (due !== undefined && due <= now) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
