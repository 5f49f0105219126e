import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { deltaChunks } from './delta-chunks.ts';

/** An event before it has a number. */
export interface EventDraft extends JsonObject {
  readonly type: string;
}

/** Which item an event belongs to. */
export interface Place extends JsonObject {
  readonly item_id: string;
  readonly output_index: number;
}

/** How an item is streamed. */
export interface Course {
  /** The item as it is when it appears: without a result. */
  readonly begun: JsonObject;
  readonly middle: readonly EventDraft[];
}

/** The course of an item of one type. `size`: characters per delta; null: about a word. */
export type CourseOf = (item: OutputItem, place: Place, size: number | null) => Course;

/** The event whose arrival means that the response is over. */
export function isTerminalEvent(event: EventDraft): boolean {
  return /^response\.(completed|failed|incomplete|cancelled|done)$/.test(event.type);
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** Deltas of a text, then `done` with the whole of it in `field`. */
export function textEvents(
  event: string,
  field: string,
  text: string,
  at: JsonObject,
  size: number | null,
): readonly EventDraft[] {
  return [
    ...deltaChunks(text, size).map((delta) => ({ type: `response.${event}.delta`, ...at, delta })),
    { type: `response.${event}.done`, ...at, [field]: text },
  ];
}
