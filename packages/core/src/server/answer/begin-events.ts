import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { ChunkSource } from './relay.ts';
import { RewrittenEvents } from './rewritten-events.ts';
import type { Rewriting } from './rewriting.ts';

/** A stream of events that tells whose it is. */
export interface BegunEvents {
  /** What has been read so far, ready to be sent. */
  readonly head: readonly Uint8Array[];
  /** What follows. */
  readonly rest: ChunkSource;
  /** The response as its first event shows it; undefined where the stream ended, or broke, without one. */
  readonly first: FirstEvent | undefined;
  /** An `error` event came before any response: the API's word that there is none. */
  readonly refused: boolean;
}

export interface FirstEvent {
  readonly responseId: string;
}

function readFirst(event: JsonObject): FirstEvent | undefined {
  const { response } = event;
  return isJsonObject(response) && typeof response['id'] === 'string'
    ? { responseId: response['id'] }
    : undefined;
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
  const events = new RewrittenEvents(stream, rewriting, async (event, type) => {
    first ??= readFirst(event);
    if (first === undefined && type === 'error') refused = true;
    if (isJsonObject(event['response'])) await onResponse(event['response']);
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
    // Whoever reads on finds the stream broken too.
  }
  return { head, rest: events, first, refused };
}
