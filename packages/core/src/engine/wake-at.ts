import type { CallState, Creating, RunState, Waiting } from './run-state.ts';

/** If a streamed create has no complete event after this time, in milliseconds, a proxy buffers it. */
const bufferedAfterMs = 60_000;

/** The time at which the run's wall time is used up (I9). Null while it is paused. */
export function runDeadline(state: RunState): number | null {
  return state.pausedAt === null ? state.clock.startedAt + state.policy.runMs + state.pausedMs : null;
}

/**
 * How long a response may be `queued`, in milliseconds: `queuedMs`. If there is a completion window and the user has
 * set no limit, the window plus an hour.
 */
export function queuedLimitMs({ policy, queueWindowMs }: RunState): number {
  const { chosen, queuedMs } = policy;
  return queueWindowMs === null || chosen.queuedMs ? queuedMs : queueWindowMs + 3_600_000;
}

/**
 * The time at which a pending response has been `queued` for too long. If a client disconnects immediately after the
 * create, a response may stay queued forever. While no request reaches the server, the limit does not apply, because
 * the response may have left the queue.
 */
export function queuedDeadline(state: RunState): number | null {
  const { phase } = state;
  if (phase.type !== 'waiting' || phase.pending.status !== 'queued') return null;
  const at = phase.pending.since + queuedLimitMs(state);
  return phase.error?.code.startsWith('connection_') && (phase.lastPolledAt ?? 0) >= at ? null : at;
}

/**
 * The time after which a streamed create in flight counts as buffered. Null if the create cannot be buffered, or if a
 * buffering proxy was detected before.
 */
export function bufferedAt(state: RunState, phase: Creating): number | null {
  const { attempts, bufferedUntil } = state;
  const { sentAt, heard } = phase;
  if (sentAt === null || heard || attempts.at(-1)?.mode !== 'stream') return null;
  const isKnown = bufferedUntil !== null && sentAt < bufferedUntil;
  return isKnown ? null : sentAt + bufferedAfterMs;
}

/** If a stream sends nothing for this time after the webhook of its response, its connection is dead. */
const silentAfterMs = 5_000;

/** The time after which an open stream whose response has ended counts as dead. Null if no webhook has come. */
export function silentAt({ mode, nextAt, endAnnouncedAt }: Waiting): number | null {
  const isOpen = mode === 'stream' && nextAt === null;
  return isOpen && endAnnouncedAt !== undefined ? endAnnouncedAt + silentAfterMs : null;
}

function earliest(times: readonly (number | null)[]): number | null {
  let first: number | null = null;
  for (const time of times) if (time !== null && (first === null || time < first)) first = time;
  return first;
}

/** The earliest end of a lease, on the run's time line. Null if no call is leased. */
function firstLeaseEnd(calls: readonly CallState[]): number | null {
  return earliest(calls.map(({ lease }) => lease?.expiresAt ?? null));
}

function dueAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'creating') return earliest([phase.retryAt, phase.giveUpAt, bufferedAt(state, phase)]);
  if (phase.type === 'tools') return firstLeaseEnd(phase.calls);
  return phase.type === 'waiting' ? earliest([phase.nextAt, silentAt(phase)]) : null;
}

/** The earliest time at which the engine needs a `timer` event. */
export function wakeAt(state: RunState): number | null {
  const { phase } = state;
  if (phase.type === 'done') return null;
  // While draining, a due timer cannot start anything, and would fire again and again.
  if (state.draining && phase.type !== 'cancelling') return null;
  // A poll is in flight, and its time is limited. No other limit applies before its answer.
  if (phase.type === 'waiting' && phase.mode === 'poll' && phase.nextAt === null) return null;
  // While cancelling, no other limit applies, because the cancel has its own limit.
  return phase.type === 'cancelling'
    ? earliest([phase.deadlineAt, phase.retryAt])
    : earliest([dueAt(state), queuedDeadline(state), runDeadline(state)]);
}
