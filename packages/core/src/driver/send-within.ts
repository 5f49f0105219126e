import type { Answer } from '../client/send.ts';
import type { Clock } from '../clock/clock.ts';
import { noLongerNeeded } from '../clock/no-longer-needed.ts';

/** The answer to a request, or that there was none in time: a proxy can swallow a request for ever. */
export async function sendWithin(
  limitMs: number | undefined,
  clock: Clock,
  send: () => Promise<Answer>,
): Promise<Answer> {
  if (limitMs === undefined) return send();
  const answered = new AbortController();
  const silence = clock.sleep(limitMs, answered.signal).then((): Answer => {
    const message = `there was no answer within ${limitMs} ms`;
    return { kind: 'failure', failure: { kind: 'lost', message }, pollAfterMs: undefined };
  });
  const answer = await Promise.race([send(), silence]);
  answered.abort(noLongerNeeded);
  return answer;
}
