import { LonghaulError } from '../../errors/longhaul-error.ts';
import { Refusal } from '../refusal.ts';

/** How soon a client may repeat a request that failed because the store was not available, in seconds. */
const retryAfter = '2';

/** The answer for a run that does not exist, and for a run that this visitor may not use. */
export function noSuchRun(): Refusal {
  return new Refusal(404, 'not_found', 'There is no such run.');
}

export function invalidRequest(message: string): Refusal {
  return new Refusal(400, 'invalid_request', message);
}

export function conflict(message: string, code = 'conflict'): Refusal {
  return new Refusal(409, code, message);
}

/** The state of the run could not be read or saved in time. The request may be repeated. */
export function unavailable(): Refusal {
  const message = 'The server cannot read or save the run now. Send the request again.';
  return new Refusal(503, 'unavailable', message, { headers: { 'retry-after': retryAfter } });
}

/** Whether an error, or an error that caused it, is a Longhaul error with this code. */
export function hasCode(error: unknown, code: string): boolean {
  for (let one: unknown = error; one instanceof Error; one = one.cause) {
    if (LonghaulError.isInstance(one) && one.code === code) return true;
  }
  return false;
}

/** The answer to a failed request. It contains only texts that the handler has written for visitors. */
export function errorAnswer(error: unknown, report: (error: unknown) => void): Response {
  if (error instanceof Refusal) {
    const { code, message, status, details } = error;
    return Response.json({ error: { code, message } }, { status, headers: { ...details.headers } });
  }
  report(error);
  if (hasCode(error, 'unavailable')) return errorAnswer(unavailable(), report);
  const message = 'The server failed. Try again later.';
  return Response.json({ error: { code: 'internal', message } }, { status: 500 });
}
