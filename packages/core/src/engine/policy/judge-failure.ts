import { classOfCode } from './error-codes.ts';
import type { Failure, HttpFailure } from './failure.ts';

/**
 * The meaning of a failed create.
 *
 * - `overloaded`: the create was refused for now: a rate limit, a server error, a locked conversation. No job was
 *   started.
 * - `not_forwarded`: the create did not reach the API. No job was started.
 * - `unknown`: a job may have started.
 * - `unauthorized`: the API refused the credentials.
 * - `credentials`: no credentials were available.
 * - `final`: the same request would be refused again.
 */
export type CreateJudgement =
  | 'overloaded'
  | 'not_forwarded'
  | 'unknown'
  | 'unauthorized'
  | 'credentials'
  | 'final';

/** Statuses that mean an error in the request itself, from the API and from gateways. */
const aboutTheRequest: readonly number[] = [413, 414, 415, 431];

/**
 * @param noResponseYet True until the run has a response. Until then, some answers that are not from the API are final.
 */
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
  // With a 503, a gateway states that it did not forward the request.
  if (status === 503) return 'not_forwarded';
  if (status === 408 || status >= 500 || (status < 300 && page !== true)) return 'unknown';
  // A 4xx, a redirect that was not followed, or a web page. The address is probably wrong, so a first create fails
  // fast.
  return noResponseYet ? 'final' : 'not_forwarded';
}

/**
 * The meaning of a failed poll, stream or cancel. Only the API can state that the response is gone. An answer of any
 * other sender, and a request without an answer, is `retry`.
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
