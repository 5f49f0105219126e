import type { RunState } from './run-state.ts';

/** When the run's wall time is used up (I9); null while only a person is awaited. */
export function runDeadline(state: RunState): number | null {
  return state.pausedAt === null ? state.createdAt + state.policy.runMs + state.pausedMs : null;
}

/** When a pending response has been `queued` for too long (a client that vanished right after the create can leave one so for ever). */
export function queuedDeadline(state: RunState): number | null {
  const { phase } = state;
  return phase.type === 'waiting' && phase.pending.status === 'queued'
    ? phase.pending.since + state.policy.queuedMs
    : null;
}

function dueAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'creating') return phase.retryAt;
  return phase.type === 'waiting' ? phase.nextAt : null;
}

/** The earliest time at which something must happen that no other event would bring about. */
export function wakeAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'done') return null;
  // A timer that is due and may begin nothing would ring for ever.
  if (state.held && phase.type !== 'cancelling') return null;
  // The answer to a poll is on its way, and does not stay out for ever: no limit strikes before it is here.
  if (phase.type === 'waiting' && phase.mode === 'poll' && phase.nextAt === null) return null;
  // While cancelling no other limit counts: the cancel itself is bounded.
  const times =
    phase.type === 'cancelling'
      ? [phase.deadlineAt, phase.retryAt]
      : [dueAt(state), queuedDeadline(state), runDeadline(state)];
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}
