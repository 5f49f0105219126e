import type { StoredResponse } from '../world/stored-response.ts';
import type { FaultList } from './fault-list.ts';

/** What goes wrong with one stream connection. Undefined or false: nothing of that kind. */
export interface StreamTrouble {
  readonly dropAfter: number | undefined;
  /** Ends before the terminal event, or after the event of this number. */
  readonly eofAfter: number | 'before-terminal' | undefined;
  readonly eofAfterError: boolean;
  readonly stallAfter: number | undefined;
  readonly gap: { readonly from: number; readonly size: number } | undefined;
  readonly splitBytes: number | undefined;
  readonly missingLastBlankLine: boolean;
  readonly comments: boolean;
  readonly doneSentinel: boolean;
  readonly crlf: boolean;
  readonly unsequenced: boolean;
  readonly rotatingIds: boolean;
}

/** Takes the faults that strike a stream connection which opens now. */
export function streamTrouble(faults: FaultList, response: StoredResponse): StreamTrouble {
  const leg = response.legIndex;
  const drop = faults.take('drop-after-event', leg);
  const eof = faults.take('eof-without-terminal', leg);
  const stall = faults.take('stall', leg);
  const gap = faults.take('gap', leg);
  const split = faults.take('split-chunks', leg);
  return {
    dropAfter: drop && (drop.n ?? 3),
    eofAfter: eof && (eof.n ?? 'before-terminal'),
    eofAfterError: response.oddities.endAfterError === true,
    stallAfter: stall && (stall.n ?? 3),
    gap: gap && { from: gap.n ?? 4, size: gap.size ?? 1 },
    splitBytes: split && Math.max(1, split.bytes ?? 7),
    missingLastBlankLine: faults.take('missing-last-blank-line', leg) !== undefined,
    comments: faults.take('keepalive-comments', leg) !== undefined,
    doneSentinel: faults.take('done-sentinel', leg) !== undefined,
    crlf: faults.take('crlf', leg) !== undefined,
    unsequenced: faults.take('unsequenced-events', leg) !== undefined,
    rotatingIds: faults.take('rotating-item-ids', leg) !== undefined,
  };
}
