import type { Failure } from './failure.ts';

/**
 * What a failed poll, stream or cancel means. The response is still at the server unless the API itself says otherwise:
 * every other answer is `retry`, until a limit ends the run.
 */
export type RetrieveJudgement = 'retry' | 'not_found' | 'unauthorized' | 'credentials' | 'final';

const transient: readonly number[] = [408, 409, 425, 429];

export function judgeRetrieve(failure: Failure): RetrieveJudgement {
  if (failure.kind === 'credentials') return 'credentials';
  if (failure.kind !== 'http' || failure.sender === 'other') return 'retry';
  const { status } = failure;
  if (status === 404) return 'not_found';
  if (status === 401 || status === 403) return 'unauthorized';
  return status >= 500 || transient.includes(status) ? 'retry' : 'final';
}
