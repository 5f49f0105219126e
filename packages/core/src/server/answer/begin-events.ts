import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { ChunkSource } from './relay.ts';
import { RewrittenEvents } from './rewritten-events.ts';
import type { Rewriting } from './rewrite-response.ts';

/** A stream of events that tells whose it is. */
export interface BegunEvents {
  /** What has been read so far, ready to be sent. */
  readonly head: readonly Uint8Array[];
  /** What follows. */
  readonly rest: ChunkSource;
  /** The response as its first event shows it; undefined where the stream ended, or broke, without one. */
  readonly first: FirstEvent | undefined;
}

export interface FirstEvent {
  readonly responseId: string;
  readonly sequenceNumber: number | undefined;
}

function readFirst(event: JsonObject): FirstEvent | undefined {
  const { response, sequence_number: sequence } = event;
  if (!isJsonObject(response) || typeof response['id'] !== 'string') return undefined;
  return { responseId: response['id'], sequenceNumber: typeof sequence === 'number' ? sequence : undefined };
}

/** Reads a stream up to the event that names its response. `onResponse` sees each snapshot, later ones too. */
export async function beginEvents(
  stream: ReadableStream<Uint8Array>,
  rewriting: Rewriting,
  onResponse: (response: JsonObject) => Promise<void>,
): Promise<BegunEvents> {
  let first: FirstEvent | undefined;
  const events = new RewrittenEvents(stream, rewriting, async (event) => {
    first ??= readFirst(event);
    if (isJsonObject(event['response'])) await onResponse(event['response']);
  });
  const head: Uint8Array[] = [];
  try {
    while (first === undefined) {
      const chunk = await events.next();
      if (chunk === undefined) break;
      head.push(chunk);
    }
  } catch {
    // Whoever reads on finds the stream broken too.
  }
  return { head, rest: events, first };
}
