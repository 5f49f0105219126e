import { foreignMessage } from '../../wire/foreign-message.ts';
import type { JsonObject } from '../../wire/json.ts';
import { errorEvent, snapshotIn } from './read-event.ts';
import type { ChunkSource } from './relay.ts';
import { frameOf, RewrittenEvents } from './rewritten-events.ts';
import type { Rewriting } from './rewriting.ts';

/** A stream of events that tells whose it is. */
export interface BegunEvents {
  /** What has been read so far, ready to be sent. */
  readonly head: readonly Uint8Array[];
  /** What follows. */
  readonly rest: ChunkSource;
  /** The response as its first event shows it; undefined where the stream ended, or broke, without one. */
  readonly first: FirstEvent | undefined;
  /** An error came before any response: the word that there is none. */
  readonly refused: boolean;
}

export interface FirstEvent {
  readonly responseId: string;
}

/** More than a stream sends before it names its response. It is passed on then, rather than kept. */
const longestHead = 2 ** 20;

/** Reads a stream up to the event that names its response. `onResponse` sees each snapshot, later ones too. */
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
    // What reads on finds the stream broken too.
  }
  if (!heard && said !== undefined) {
    // A stream that says this and nothing else has failed.
    refused = true;
    head.unshift(await frameOf(errorEvent({ message: said }), rewriting));
  }
  return { head, rest: events, first, refused };
}
