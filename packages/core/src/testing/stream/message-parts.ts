import type { JsonObject } from '../../wire/json.ts';
import { deltaChunks } from './delta-chunks.ts';
import { objectsOf, textEvents, textOf, type EventDraft, type Place } from './event-draft.ts';

interface Note {
  readonly event: EventDraft;
  /** The number of characters that precede the annotation event. */
  readonly after: number;
}

function notesOf(part: JsonObject, at: JsonObject, length: number): readonly Note[] {
  return objectsOf(part['annotations']).map((annotation, index) => {
    const end = annotation['end_index'] ?? annotation['index'];
    const event = {
      type: 'response.output_text.annotation.added',
      ...at,
      annotation_index: index,
      annotation,
    };
    return { event, after: typeof end === 'number' ? end : length };
  });
}

/** Splits a delta if an annotation belongs inside it. */
function cut(delta: string, at: number): readonly string[] {
  return at > 0 && at < delta.length ? [delta.slice(0, at), delta.slice(at)] : [delta];
}

/** The deltas of a text. Each annotation follows the delta that completes its text. */
function annotated(part: JsonObject, at: JsonObject, size: number | null): readonly EventDraft[] {
  const text = textOf(part['text']);
  let notes = notesOf(part, at, text.length);
  let length = 0;
  const events: EventDraft[] = [];
  for (const chunk of deltaChunks(text, size)) {
    for (const delta of cut(chunk, (notes[0]?.after ?? 0) - length)) {
      events.push({ type: 'response.output_text.delta', ...at, delta, logprobs: [] });
      length += delta.length;
      const due = notes.filter(({ after }) => after <= length);
      notes = notes.filter((note) => !due.includes(note));
      events.push(...due.map(({ event }) => event));
    }
  }
  events.push(...notes.map(({ event }) => event));
  return [...events, { type: 'response.output_text.done', ...at, text, logprobs: [] }];
}

/** The events of one content part of a message. */
export function partEvents(
  part: JsonObject,
  contentIndex: number,
  place: Place,
  size: number | null,
): readonly EventDraft[] {
  const at = { ...place, content_index: contentIndex };
  const added = { type: 'response.content_part.added', ...at };
  const done = { type: 'response.content_part.done', ...at, part };
  if (part['type'] === 'refusal') {
    const refusal = textOf(part['refusal']);
    return [
      { ...added, part: { ...part, refusal: '' } },
      ...textEvents('refusal', 'refusal', refusal, at, size),
      done,
    ];
  }
  if (part['type'] !== 'output_text') return [{ ...added, part }, done];
  return [{ ...added, part: { ...part, annotations: [], text: '' } }, ...annotated(part, at, size), done];
}
