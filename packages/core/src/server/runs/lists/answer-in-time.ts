import { abortReason } from '../../../clock/abort-reason.ts';
import type { Clock } from '../../../clock/clock.ts';
import { unavailable } from '../refusals.ts';
import { withinTime } from '../within-time.ts';

/**
 * Answers with the body that `work` returns, or with 503 if the store does not answer in time.
 *
 * @param work Its signal ends the work: the request was answered without it
 */
export async function answerInTime(
  clock: Clock,
  work: (answered: AbortSignal) => Promise<object>,
): Promise<Response> {
  const answered = new AbortController();
  try {
    const body = await withinTime(clock, work(answered.signal));
    if (body === undefined) throw unavailable();
    return Response.json(body.value);
  } finally {
    answered.abort(abortReason);
  }
}
