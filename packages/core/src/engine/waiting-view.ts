import { defined } from '../wire/defined.ts';
import type { RunState, Waiting } from './run-state.ts';
import type { WaitingView } from './view/run-view.ts';

/** What the run waits for at the server, as views and events show it. */
export function waitingView(state: RunState, phase: Waiting): WaitingView {
  const { pending, mode, nextAt, lastPolledAt, cursor, error } = phase;
  // The time line, as wall time shows it now.
  const { skewMs } = state.clock;
  const wall = (time: number | null): number | undefined => (time === null ? undefined : time + skewMs);
  return {
    mode,
    responseId: pending.responseId,
    responseStatus: pending.status,
    attempt: Math.max(0, state.attempts.length - 1),
    startedAt: pending.since + skewMs,
    ...defined({
      lastPolledAt: wall(lastPolledAt),
      nextPollAt: wall(nextAt),
      lastSequenceNumber: cursor ?? undefined,
      error: error ?? undefined,
    }),
  };
}
