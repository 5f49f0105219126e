import { classOfCode } from './error-codes.ts';
import type { Failure, HttpFailure } from './failure.ts';

/**
 * What a failed create means.
 *
 * - `overloaded`: the API refused it for now. No job was started.
 * - `not_forwarded`: it did not reach the API. No job was started.
 * - `unknown`: a job may have started.
 * - `unauthorized`: the API refused the credentials.
 * - `credentials`: there were none to send it with.
 * - `final`: the same request is refused again.
 */
export type CreateJudgement =
  | 'overloaded'
  | 'not_forwarded'
  | 'unknown'
  | 'unauthorized'
  | 'credentials'
  | 'final';

/** Statuses that say what is wrong with the request itself, whether the API sends them or a gateway does. */
const aboutTheRequest: readonly number[] = [413, 414, 415, 431];

/** @param noResponseYet Whether it is the first create of a run: then an answer that is not the API's is final. */
export function judgeCreate(failure: Failure, noResponseYet: boolean): CreateJudgement {
  switch (failure.kind) {
    case 'credentials':
      return 'credentials';
    case 'refused':
      return 'not_forwarded';
    case 'lost':
      return 'unknown';
    case 'http':
      return failure.sender === 'api' ? judgeOfApi(failure) : judgeOfOther(failure, noResponseYet);
  }
}

function judgeOfApi({ status, code }: HttpFailure): CreateJudgement {
  if (code !== null && classOfCode(code) === 'quota') return 'final';
  if (status === 429 || code === 'conversation_locked' || status >= 500) return 'overloaded';
  if (status === 408) return 'unknown';
  return status === 401 || status === 403 ? 'unauthorized' : 'final';
}

function judgeOfOther({ status, page }: HttpFailure, noResponseYet: boolean): CreateJudgement {
  if (status === 429) return 'overloaded';
  if (aboutTheRequest.includes(status)) return 'final';
  // A rate or load answer of a gateway: it says itself that it did not pass the request on.
  if (status === 503) return 'not_forwarded';
  if (status === 408 || status >= 500 || (status < 300 && page !== true)) return 'unknown';
  // A 4xx, a redirect that was not followed, a web page: most often a wrong address, which is worth saying at once.
  return noResponseYet ? 'final' : 'not_forwarded';
}

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
