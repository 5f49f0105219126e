import type { Clock } from '../../clock/clock.ts';
import { waitForChange } from '../world/wait-for-change.ts';
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

/** Most events handed on at once: a reader that goes slowly must not hold a whole log in its queue. */
const batchSize = 64;

/** The events of a log from a number on: those that are there, then live ones, until the log ends. */
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
