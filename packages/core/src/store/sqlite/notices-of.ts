import type { RunNotice } from '../run-store.ts';
import type { Call, Outcome } from './calls.ts';
import { runIdOfKey } from './run-key.ts';

/** The notices that other processes receive after these calls, as JSON text. A call that failed causes none. */
export function noticesOf(calls: readonly Call[], outcomes: readonly Outcome[]): string[] {
  return calls.flatMap((call, index) => {
    if (call.type === 'publish') return [call.notice];
    const outcome = outcomes[index];
    const type = outcome !== undefined && 'answer' in outcome ? changeBy(call, outcome.answer) : undefined;
    if (type === undefined || !('runId' in call)) return [];
    return [JSON.stringify({ type, runId: runIdOfKey(call.runId) })];
  });
}

function changeBy(call: Call, answer: unknown): RunNotice['type'] | undefined {
  switch (call.type) {
    case 'commit':
    case 'delete':
      return 'saved';
    case 'post':
      return 'posted';
    case 'release':
      return answer === true ? 'released' : undefined;
    default:
      return undefined;
  }
}
