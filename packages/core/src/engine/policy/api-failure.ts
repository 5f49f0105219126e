import type { ErrorObject } from '../../wire/error-object.ts';
import { classOfCode } from './error-codes.ts';
import type { HttpFailure } from './failure.ts';
import { statedDelayMs } from './server-delay.ts';

/** The status that an error object stands for where it came under a success status, or as an event of a stream. */
function statusOf({ code, type, status }: ErrorObject): number {
  if (status !== undefined) return status;
  switch (classOfCode(code ?? type ?? '')) {
    case 'overload':
    case 'quota':
      return 429;
    case 'transient':
      return 500;
    case 'final':
    case undefined:
      return 400;
  }
}

/** The API's own error, as a failure. `status` is undefined for an `error` event, which has none. */
export function apiFailure(
  status: number | undefined,
  error: ErrorObject,
  retryAfterMs?: number,
): HttpFailure {
  const { type, param, message } = error;
  // Some servers say that a quota is used up by the type alone.
  const code = error.code ?? (type !== null && classOfCode(type) === 'quota' ? type : null);
  const asked = retryAfterMs ?? statedDelayMs(message);
  return {
    kind: 'http',
    sender: 'api',
    status: status === undefined || status < 300 ? statusOf(error) : status,
    code,
    type,
    param,
    message,
    ...(asked === undefined ? {} : { retryAfterMs: asked }),
  };
}
