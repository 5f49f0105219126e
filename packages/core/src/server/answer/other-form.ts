import type { JsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame } from './frame.ts';
import { readEvent, snapshotIn } from './read-event.ts';

/**
 * Converts a response to a stream of one event: the terminal event if the response has ended, otherwise
 * `response.created`, after which the client polls.
 */
export function asEvents(response: JsonObject): string {
  const { status } = response;
  // No event exists for a cancelled response. Azure sends `response.failed`.
  const end = status === 'cancelled' ? 'failed' : status;
  const type = `response.${typeof status === 'string' && isTerminal(status) ? String(end) : 'created'}`;
  const data = JSON.stringify({ type, sequence_number: 0, response });
  return new TextDecoder().decode(encodeFrame({ event: type, data, id: undefined }));
}

/** Returns the last snapshot of a stream; undefined if it has none. */
export function lastSnapshot(events: string): JsonObject | undefined {
  const parser = new FrameParser();
  const frames = [...parser.feed(new TextEncoder().encode(events)), ...parser.end()];
  return frames
    .toReversed()
    .map((frame) => ('data' in frame ? readEvent(frame) : undefined))
    .map((read) => (read === undefined ? undefined : snapshotIn(read.event)))
    .find((snapshot) => snapshot !== undefined);
}
