import { NoAnswer } from '../no-answer.ts';

/** The error for a repeated create while the first one is in flight. The client may send it again. */
export function keyInUse(): NoAnswer {
  const message = 'The first request with this Idempotency-Key is still in progress. Send it again.';
  return new NoAnswer(503, 'idempotency_key_in_use', message, { 'retry-after': '1' });
}
