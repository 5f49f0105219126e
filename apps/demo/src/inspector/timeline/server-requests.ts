import type { RunEvent } from '@longhaul/core';
import { leftWithProcess } from '../../trace/observe-fetch.ts';
import type { WireSpan } from '../../trace/wire-span.ts';

/**
 * Derives the HTTP requests of a run on the server from its events: this page cannot observe them. A poll has the time
 * of its answer.
 *
 * @param events The run's events, oldest first
 */
export function serverRequests(runId: string, events: readonly RunEvent[]): WireSpan[] {
  const spans: WireSpan[] = [];
  /** The create, or the stream, that has not ended. */
  let open: WireSpan | undefined;
  const end = (at: number, change: Partial<WireSpan> = {}): void => {
    if (open !== undefined) spans.push({ ...open, ...change, endedAt: at });
    open = undefined;
  };
  for (const event of events) {
    const { at, seq } = event;
    const id = `server/${seq}`;
    switch (event.type) {
      case 'iteration.started':
        end(at);
        open = { id, kind: 'create', runId, iteration: event.iteration, startedAt: at, bytes: 0 };
        break;
      case 'response.status':
      case 'stream.connected': {
        const { mode, responseId } = event.waiting;
        const streams = event.type === 'stream.connected' || mode === 'stream';
        if (open === undefined && event.type === 'stream.connected')
          // Without the run's id, the bar is a stream that has reconnected.
          open = { id, kind: 'stream', iteration: event.iteration, responseId, startedAt: at, bytes: 0 };
        else if (open !== undefined && open.answeredAt === undefined)
          open = { ...open, ...(streams ? { kind: 'stream' } : {}), responseId, answeredAt: at, status: 200 };
        if (!streams) end(at);
        break;
      }
      case 'poll': {
        end(at);
        const { error, responseId } = event.waiting;
        spans.push({
          ...{
            id,
            kind: 'poll',
            iteration: event.iteration,
            responseId,
            startedAt: at,
            endedAt: at,
            bytes: 0,
          },
          ...(error === undefined ? {} : { problem: error.message }),
        });
        break;
      }
      case 'stream.dropped':
        end(at, { problem: event.reason });
        break;
      case 'attempt.failed':
        end(at, { problem: event.error.message });
        break;
      case 'run.resumed':
        end(at, { problem: leftWithProcess });
        break;
      case 'iteration.completed':
        end(at);
        break;
      default:
        break;
    }
  }
  return open === undefined ? spans : [...spans, open];
}
