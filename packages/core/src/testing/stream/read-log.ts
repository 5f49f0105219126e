import type { Clock } from '../../clock/clock.ts';
import { waitForChange } from '../world/wait-for-change.ts';
import type { World } from '../world/world.ts';
import type { EventLog, NumberedEvent } from './event-log.ts';

export interface LogReader {
  readonly log: EventLog;
  readonly responseId: string;
  /** The number of the first event to read. */
  readonly from: number;
  readonly clock: Clock;
  readonly world: World;
  /** Aborts when the connection is closed or cut. */
  readonly signal: AbortSignal;
}

/** The maximum number of events in one batch, so that the queue of a slow reader does not contain a whole log. */
const batchSize = 64;

/** Reads a log from an event number until the log ends: first the events emitted so far, then live ones. */
export async function* readLog(reader: LogReader): AsyncGenerator<readonly NumberedEvent[]> {
  let next = reader.from;
  while (!reader.log.endsBefore(next)) {
    if (reader.signal.aborted) throw reader.signal.reason;
    const length = reader.log.lengthAt(reader.clock.now());
    if (next >= length) {
      await waitForChange(
        reader.world,
        reader.clock,
        reader.responseId,
        reader.log.dueAt(next),
        reader.signal,
      );
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
