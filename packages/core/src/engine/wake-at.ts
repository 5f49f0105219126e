import type { Creating, RunState } from './run-state.ts';

/** A streamed create that brings no complete event within this time, in milliseconds, is held back by a proxy. */
const bufferedAfterMs = 60_000;

/** When the run's wall time is used up (I9); null while it stands still. */
export function runDeadline(state: RunState): number | null {
  return state.pausedAt === null ? state.clock.startedAt + state.policy.runMs + state.pausedMs : null;
}

/** How long a response may be `queued`, in milliseconds: a window that was granted, and an hour, unless the user chose a limit. */
export function queuedLimitMs({ policy, queueWindowMs }: RunState): number {
  const { chosen, queuedMs } = policy;
  return queueWindowMs === null || chosen.queuedMs ? queuedMs : queueWindowMs + 3_600_000;
}

/**
 * When a pending response has been `queued` for too long (a client that vanished right after the create can leave one so for
 * ever). While no request reaches a server, it is not known to be queued still.
 */
export function queuedDeadline(state: RunState): number | null {
  const { phase } = state;
  if (phase.type !== 'waiting' || phase.pending.status !== 'queued') return null;
  const at = phase.pending.since + queuedLimitMs(state);
  return phase.error?.code.startsWith('connection_') && (phase.lastPolledAt ?? 0) >= at ? null : at;
}

/** When a streamed create that is on its way counts as held back by a proxy; null where it cannot, or does already. */
export function bufferedAt(state: RunState, phase: Creating): number | null {
  const streams = state.attempts.at(-1)?.mode === 'stream' && state.bufferedUntil === null;
  return phase.sentAt === null || phase.heard || !streams ? null : phase.sentAt + bufferedAfterMs;
}

function earliest(times: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}

function dueAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'creating') return earliest([phase.retryAt, phase.giveUpAt, bufferedAt(state, phase)]);
  return phase.type === 'waiting' ? phase.nextAt : null;
}

/** The earliest time at which something must happen that no other event would bring about. */
export function wakeAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'done') return null;
  // A timer that is due and may begin nothing would ring for ever.
  if (state.draining && phase.type !== 'cancelling') return null;
  // The answer to a poll is on its way, and does not stay out for ever: no limit strikes before it is here.
  if (phase.type === 'waiting' && phase.mode === 'poll' && phase.nextAt === null) return null;
  // While cancelling no other limit counts: the cancel itself is bounded.
  return phase.type === 'cancelling'
    ? earliest([phase.deadlineAt, phase.retryAt])
    : earliest([dueAt(state), queuedDeadline(state), runDeadline(state)]);
}
