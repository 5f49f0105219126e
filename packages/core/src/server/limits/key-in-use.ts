import { NoAnswer } from '../no-answer.ts';

/** The same request will be answered when the first one is: it was not forwarded, and may be sent again. */
export function keyInUse(): NoAnswer {
  const message = 'The first request with this Idempotency-Key is still under way. Send it again.';
  return new NoAnswer(503, 'idempotency_key_in_use', message, { 'retry-after': '1' });
}
