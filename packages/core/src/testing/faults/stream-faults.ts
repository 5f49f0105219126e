import type { StoredResponse } from '../world/stored-response.ts';
import type { NumberedEvent } from '../stream/event-log.ts';
import type { FaultList } from './fault-list.ts';
import type { FaultNamed } from './fault.ts';

/** The faults of one stream connection. A field that is undefined or false has no effect. */
export interface StreamFaults {
  readonly dropAfter: number | undefined;
  /** The stream ends before the terminal event, or after the event with this number. */
  readonly eofAfter: number | 'before-terminal' | undefined;
  readonly eofAfterError: boolean;
  readonly stallAfter: number | undefined;
  /** Whether this event is left out. */
  readonly leavesOut: (event: NumberedEvent) => boolean;
  /** The part that a proxy buffers until the stream has ended. */
  readonly hold: 'headers' | 'body' | undefined;
  /** The content type that replaces the stream's own; null removes it. */
  readonly contentType: string | null | undefined;
  readonly splitBytes: number | undefined;
  readonly missingLastBlankLine: boolean;
  readonly comments: boolean;
  readonly doneSentinel: boolean;
  readonly crlf: boolean;
  readonly unsequenced: boolean;
  readonly untyped: boolean;
  readonly rotatingIds: boolean;
}

function leftOut(gap: FaultNamed<'gap'> | undefined, event: NumberedEvent): boolean {
  if (gap === undefined) return false;
  if (gap.types !== undefined) return gap.types.includes(event.type);
  const first = gap.n ?? 4;
  return event.sequence_number >= first && event.sequence_number < first + (gap.size ?? 1);
}

/** Takes the faults that affect a new stream connection. */
export function streamFaultsOf(faults: FaultList, response: StoredResponse): StreamFaults {
  const iteration = response.iterationIndex;
  const drop = faults.take('drop-after-event', iteration);
  const eof = faults.take('eof-without-terminal', iteration);
  const stall = faults.take('stall', iteration);
  const gap = faults.take('gap', iteration);
  const split = faults.take('split-chunks', iteration);
  const buffer = faults.take('buffer-stream', iteration);
  const typed = faults.take('content-type', iteration);
  return {
    dropAfter: drop && (drop.n ?? 3),
    eofAfter: eof && (eof.n ?? 'before-terminal'),
    eofAfterError: response.oddities.endAfterError === true,
    stallAfter: stall && (stall.n ?? 3),
    leavesOut: (event) => leftOut(gap, event),
    hold: buffer && (buffer.hold ?? 'headers'),
    contentType: typed && (typed.type === undefined ? 'text/plain' : typed.type),
    splitBytes: split && Math.max(1, split.bytes ?? 7),
    missingLastBlankLine: faults.take('missing-last-blank-line', iteration) !== undefined,
    comments: faults.take('keepalive-comments', iteration) !== undefined,
    doneSentinel: faults.take('done-sentinel', iteration) !== undefined,
    crlf: faults.take('crlf', iteration) !== undefined,
    untyped: faults.take('untyped-events', iteration) !== undefined,
    unsequenced: faults.take('unsequenced-events', iteration) !== undefined,
    rotatingIds: faults.take('rotating-item-ids', iteration) !== undefined,
  };
}
