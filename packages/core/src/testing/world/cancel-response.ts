import type { Emulation } from '../emulation.ts';
import { EventLog } from '../stream/event-log.ts';
import { statusOf } from './status-of.ts';
import type { StoredResponse } from './stored-response.ts';

/** Ends a queued or running response as `cancelled`. Its event log keeps the events emitted so far. */
export function cancelResponse(emulation: Emulation, response: StoredResponse): void {
  const at = emulation.clock.now();
  const mode = emulation.options.cancelStream ?? 'failed-event';
  response.cancelled = {
    at,
    events: response.streamed ? new EventLog(response, mode).lengthAt(at) : 0,
    started: statusOf(response, at) !== 'queued',
    usageShown: false,
  };
  emulation.world.changed(response.id);
}
