import type { Emulation } from '../emulation.ts';
import { streamFaultsOf } from '../faults/stream-faults.ts';
import type { Answer } from '../http/answer.ts';
import { cancelResponse } from '../world/cancel-response.ts';
import { endedAt, statusOf } from '../world/status-of.ts';
import type { StoredResponse } from '../world/stored-response.ts';
import { EventLog, type NumberedEvent } from './event-log.ts';
import { firstBatch, bufferedFrames } from './buffered-frames.ts';
import { obfuscated } from './obfuscation.ts';
import { readLog } from './read-log.ts';
import { sseBody } from './sse-body.ts';
import { sseFrames } from './sse-frames.ts';

async function* padded(
  emulation: Emulation,
  batches: AsyncIterable<readonly NumberedEvent[]>,
): AsyncGenerator<readonly NumberedEvent[]> {
  for await (const batch of batches) yield batch.map((event) => obfuscated(event, emulation.noise));
}

/**
 * Handles a connection that closed early. A foreground response is cancelled. A background response continues, except
 * under the fault `disconnect-leaves-queued`.
 */
function disconnected(emulation: Emulation, response: StoredResponse): void {
  const now = emulation.clock.now();
  if (endedAt(response, now) !== undefined) return;
  if (!response.background) {
    cancelResponse(emulation, response);
    return;
  }
  const within = response.oddities.queuedForeverWithinMs;
  if (within === undefined || now > response.createdAt + within || statusOf(response, now) !== 'queued')
    return;
  response.startsAt = null;
  response.endsAt = null;
}

export interface StreamRequest {
  /** The number of the first event. */
  readonly from: number;
  readonly request: Request;
  /** Whether this is the stream of the create. Closing it cancels a foreground response. */
  readonly ofCreate: boolean;
  readonly obfuscate: boolean;
}

/** Opens a stream of a response's event log. */
export async function openStream(
  emulation: Emulation,
  response: StoredResponse,
  stream: StreamRequest,
): Promise<Answer> {
  const { clock, world, connections, options, faults } = emulation;
  const connection = new AbortController();
  const abort = (): void => connection.abort(stream.request.signal.reason);
  stream.request.signal.addEventListener('abort', abort);
  connections.set(connection, stream.request);
  const active = streamFaultsOf(faults, response);
  const log = new EventLog(response, options.cancelStream ?? 'failed-event');
  const again =
    stream.from > 0 ? faults.take('duplicate-events-on-resume', response.iterationIndex) : undefined;
  const from = again === undefined ? stream.from : Math.max(0, stream.from - (again.n ?? 3));
  const { signal } = connection;
  const events = readLog({ log, responseId: response.id, from, clock, world, signal });
  const frames = sseFrames(stream.obfuscate ? padded(emulation, events) : events, active, signal);
  const onEnd = (finished: boolean): void => {
    stream.request.signal.removeEventListener('abort', abort);
    connections.delete(connection);
    // The body is no longer read, so stop the reader that waits for the next event.
    connection.abort();
    if (!finished && stream.ofCreate) disconnected(emulation, response);
  };
  const held = active.hold === undefined ? frames : bufferedFrames(frames);
  const batches = active.hold === 'headers' ? await firstBatch(held) : held;
  const answer = { kind: 'stream', status: 200, headers: new Headers() } as const;
  if (typeof active.contentType === 'string') answer.headers.set('content-type', active.contentType);
  const body = sseBody(batches, { splitBytes: active.splitBytes, onEnd });
  if (stream.request.signal.aborted) onEnd(false);
  return { ...answer, body, untyped: active.contentType === null };
}
