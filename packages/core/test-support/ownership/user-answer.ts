import type { OwnershipCommand } from '../../src/ownership/ownership-command.ts';
import type { OwnershipEvent } from '../../src/ownership/ownership-event.ts';
import type { ModelAsk } from './model-process.ts';
import type { ModelRun } from './model-run.ts';

/**
 * The answer to a decision, according to the given states.
 *
 * - `unknown`: this process has stopped driving, and the user receives the reason.
 *
 * @throws if driving has not stopped, and the outcome is not recorded
 */
export function answerOf(
  { id }: ModelAsk,
  runs: readonly ModelRun[],
  hasStopped: boolean,
): 'accepted' | 'refused' | 'unknown' {
  if (runs.some(({ taken }) => taken.includes(id))) return 'accepted';
  if (runs.some(({ refused, standing }) => refused.includes(id) || standing === 'over')) return 'refused';
  if (!hasStopped) throw new Error('O4: a decision is answered before its outcome is saved');
  return 'unknown';
}

type StopReason = Extract<OwnershipCommand, { readonly type: 'stop' }>['why'];

/** Whether driving may stop for this reason after an event of this type. */
export function mayStop(why: StopReason, { type }: OwnershipEvent): boolean {
  switch (why) {
    case 'detached':
      return type === 'detach' || type === 'drained';
    case 'not_found':
    case 'conflict':
      return type === 'loaded' || type === 'paused';
    case 'failed':
      return type === 'failed' || type === 'context_failed';
    case 'halted':
      return type === 'halted';
    case 'parked':
      return type === 'park_answered';
    case 'lost':
      return type === 'park_answered' || type === 'claim_lost' || type === 'claim_answered';
  }
}
