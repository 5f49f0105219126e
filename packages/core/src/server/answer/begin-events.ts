import { foreignMessage } from '../../wire/foreign-text.ts';
import type { JsonObject } from '../../wire/json.ts';
import { errorEvent, snapshotIn } from './read-event.ts';
import type { ChunkSource } from './relay.ts';
import { frameOf, RewrittenEvents } from './rewritten-events.ts';
import type { Rewriting } from './rewriting.ts';

/** A stream that has been read up to the event with the response id. */
export interface BegunEvents {
  /** The events that have been read, ready to be sent. */
  readonly head: readonly Uint8Array[];
  /** The events that follow. */
  readonly rest: ChunkSource;
  /**
   * The response in the first event that contains one; undefined if the stream ended, broke or exceeded `longestHead`
   * before such an event.
   */
  readonly first: FirstEvent | undefined;
  /** Whether an error, or only the message of a gateway, arrived before any response. Then no response exists. */
  readonly refused: boolean;
}

export interface FirstEvent {
  readonly responseId: string;
}

/**
 * Maximum number of bytes that are buffered before the response id arrives. Streams of the API need fewer. A stream
 * that exceeds the limit is passed on without an id.
 */
const longestHead = 2 ** 20;

/**
 * Reads a stream up to the event with the response id. `onResponse` receives each snapshot, including those after that
 * event.
 */
export async function beginEvents(
  stream: ReadableStream<Uint8Array>,
  rewriting: Rewriting,
  onResponse: (response: JsonObject) => Promise<void>,
): Promise<BegunEvents> {
  let first: FirstEvent | undefined;
  let refused = false;
  let heard = false;
  let said: string | undefined;
  const observe = async (event: JsonObject, type: string | undefined): Promise<void> => {
    heard = true;
    const snapshot = snapshotIn(event);
    if (typeof snapshot?.['id'] === 'string') first ??= { responseId: snapshot['id'] };
    if (first === undefined && type === 'error') refused = true;
    if (snapshot !== undefined) await onResponse(snapshot);
  };
  const events = new RewrittenEvents(stream, rewriting, observe, (object) => {
    said ??= foreignMessage(object);
  });
  const head: Uint8Array[] = [];
  let bytes = 0;
  try {
    while (first === undefined && !refused && bytes <= longestHead) {
      const chunk = await events.next();
      if (chunk === undefined) break;
      head.push(chunk);
      bytes += chunk.byteLength;
    }
  } catch {
    // The stream is broken. The next read of it fails too, and reports the error.
  }
  if (!heard && said !== undefined) {
    // A stream with only this message has failed.
    refused = true;
    head.unshift(await frameOf(errorEvent({ message: said }), rewriting));
  }
  return { head, rest: events, first, refused };
}
