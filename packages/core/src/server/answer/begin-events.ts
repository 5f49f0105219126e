import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { eventFrames } from './event-frames.ts';
import { rewriteFrames } from './rewrite-frames.ts';
import type { Rewriting } from './rewrite-response.ts';

/** A stream of events that tells whose it is. */
export interface BegunEvents {
  /** What has been read so far, ready to be sent. */
  readonly head: readonly Uint8Array[];
  readonly reader: ReadableStreamDefaultReader<Uint8Array>;
  /** The response as its first event shows it; undefined where the stream ended, or broke, without one. */
  readonly first: FirstEvent | undefined;
}

export interface FirstEvent {
  readonly response: JsonObject & { readonly id: string };
  readonly sequenceNumber: number | undefined;
}

function readFirst(event: JsonObject): FirstEvent | undefined {
  const { response, sequence_number: sequence } = event;
  if (!isJsonObject(response) || typeof response['id'] !== 'string') return undefined;
  return {
    response: { ...response, id: response['id'] },
    sequenceNumber: typeof sequence === 'number' ? sequence : undefined,
  };
}

/** Reads a stream up to the event that names its response. `onResponse` sees each snapshot, `onChunk` each chunk sent. */
export async function beginEvents(
  stream: ReadableStream<Uint8Array>,
  rewriting: Rewriting,
  onResponse: (response: JsonObject) => Promise<void>,
): Promise<BegunEvents> {
  let first: FirstEvent | undefined;
  const reader = stream
    .pipeThrough(eventFrames())
    .pipeThrough(
      rewriteFrames(rewriting, async (event) => {
        first ??= readFirst(event);
        if (isJsonObject(event['response'])) await onResponse(event['response']);
      }),
    )
    .getReader();
  const head: Uint8Array[] = [];
  try {
    while (first === undefined) {
      const { done, value } = await reader.read();
      if (done) break;
      head.push(value);
    }
  } catch {
    // The reader gives the same error to whoever reads on.
  }
  return { head, reader, first };
}
