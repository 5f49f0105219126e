import type { OutputItem } from '../../wire/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { deltaChunks } from './delta-chunks.ts';

/** An event before it has a number. */
export interface EventDraft extends JsonObject {
  readonly type: string;
}

/** Identifies the item that an event belongs to. */
export interface Place extends JsonObject {
  readonly item_id: string;
  readonly output_index: number;
}

/** How an item is streamed before its `output_item.done`. */
export interface Course {
  /** The item in `output_item.added`, without its results. */
  readonly begun: JsonObject;
  /** The events between `output_item.added` and `output_item.done`. */
  readonly middle: readonly EventDraft[];
}

/** Returns the course of an item of one type. `size` is the number of characters per delta; null means about a word. */
export type CourseOf = (item: OutputItem, place: Place, size: number | null) => Course;

/** Whether an event ends the response. */
export function isTerminalEvent(event: EventDraft): boolean {
  return /^response\.(completed|failed|incomplete|cancelled|done)$/.test(event.type);
}

export function textOf(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : '';
}

export function objectsOf(value: JsonValue | undefined): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

/** The deltas of a text, then `done` with the whole text in `field`. */
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
