import type { Clock } from '../../clock/clock.ts';
import type { World } from '../world/world.ts';
import type { EventLog, NumberedEvent } from './event-log.ts';

export interface LogReader {
  readonly log: EventLog;
  readonly responseId: string;
  /** Number of the first event to read. */
  readonly from: number;
  readonly clock: Clock;
  readonly world: World;
  /** The connection is gone, or to be cut. */
  readonly signal: AbortSignal;
}

/** Waits for the next event, for a change from outside, or for the end of the connection. */
async function wait(reader: LogReader, dueAt: number | undefined): Promise<void> {
  const woken = new AbortController();
  const wake = (): void => woken.abort();
  const unwatch = reader.world.watch(reader.responseId, wake);
  reader.signal.addEventListener('abort', wake);
  try {
    if (reader.signal.aborted) return;
    if (dueAt === undefined) {
      await new Promise<void>((resolve) => {
        woken.signal.addEventListener('abort', () => resolve());
      });
    } else {
      await reader.clock.sleep(dueAt - reader.clock.now(), woken.signal);
    }
  } finally {
    reader.signal.removeEventListener('abort', wake);
    unwatch();
  }
}

/** Most events handed on at once: a reader that goes slowly must not hold a whole log in its queue. */
const batchSize = 64;

/** The events of a log from a number on: those that are there, then live ones, until the log ends. */
export async function* readLog(reader: LogReader): AsyncGenerator<readonly NumberedEvent[]> {
  let next = reader.from;
  while (!reader.log.endsBefore(next)) {
    if (reader.signal.aborted) throw reader.signal.reason;
    const length = reader.log.lengthAt(reader.clock.now());
    if (next >= length) {
      await wait(reader, reader.log.dueAt(next));
      continue;
    }
    const batch: NumberedEvent[] = [];
    while (next < length && batch.length < batchSize) {
      batch.push(reader.log.at(next));
      next += 1;
    }
    yield batch;
  }
}
