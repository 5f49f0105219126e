import type { JsonObject } from '../src/wire/json.ts';
import { responseOf } from './hand-server.ts';

export type StreamEvent = JsonObject & { readonly type: string };

/** An answer with a stream of these events. */
export function sse(events: readonly JsonObject[]): Response {
  const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join('');
  return new Response(text, { headers: { 'content-type': 'text/event-stream' } });
}

/** The events, numbered from 0. An event that has a number keeps it. */
export function numbered(events: readonly StreamEvent[]): JsonObject[] {
  return events.map((event, index) => ({ sequence_number: index, ...event }));
}

export const created: StreamEvent = { type: 'response.created', response: responseOf('resp_1', 'queued') };
export const added = (item: JsonObject, index = 0): StreamEvent => ({
  type: 'response.output_item.added',
  output_index: index,
  item: {
    ...item,
    status: 'in_progress',
    ...(item['type'] === 'message' ? { content: [] } : { arguments: '' }),
  },
});
export const delta = (text: string, index = 0): StreamEvent => ({
  type: 'response.output_text.delta',
  output_index: index,
  content_index: 0,
  delta: text,
});
export const done = (item: JsonObject, index = 0): StreamEvent => ({
  type: 'response.output_item.done',
  output_index: index,
  item,
});
export const withoutIndex = (item: JsonObject): StreamEvent => ({ type: 'response.output_item.done', item });
export const ended = (output: readonly JsonObject[] | undefined, more: JsonObject = {}): StreamEvent => ({
  type: 'response.completed',
  response: { ...responseOf('resp_1', 'completed', { output: output ?? [] }), ...more },
});
