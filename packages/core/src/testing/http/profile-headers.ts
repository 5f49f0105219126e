import { isJsonObject } from '../../wire/json.ts';
import { isTerminal } from '../../wire/response.ts';
import type { Emulation } from '../emulation.ts';
import { requestId } from '../world/ids.ts';
import type { Answer } from './answer.ts';
import type { Route } from './router.ts';

function limited(emulation: Emulation, route: Route | undefined, answer: Answer): boolean {
  const isCreate = route?.route === 'create' || route?.route === 'compact';
  if (!isCreate || answer.kind !== 'json' || answer.status >= 400) return false;
  const mode = emulation.options.rateLimitHeaders ?? 'foreground';
  return mode === 'creates' || (mode === 'foreground' && answer.body['background'] !== true);
}

/** Adds the headers that OpenAI sends with this kind of answer. */
export function profileHeaders(
  emulation: Emulation,
  route: Route | undefined,
  answer: Answer,
  tookMs: number,
): void {
  if (answer.kind === 'text' && answer.foreign) return;
  const { headers } = answer;
  headers.set('x-request-id', requestId(emulation.noise));
  headers.set('openai-processing-ms', String(Math.round(tookMs)));
  headers.set('openai-version', '2020-10-01');
  if (limited(emulation, route, answer)) {
    headers.set('x-ratelimit-limit-requests', '30000');
    headers.set('x-ratelimit-limit-tokens', '150000000');
    headers.set('x-ratelimit-remaining-requests', '29999');
    headers.set('x-ratelimit-remaining-tokens', '149999970');
    headers.set('x-ratelimit-reset-requests', '2ms');
    headers.set('x-ratelimit-reset-tokens', '0s');
  }
  const pollAfter = emulation.options.pollAfterMs;
  if (pollAfter === undefined || answer.kind !== 'json' || !isJsonObject(answer.body)) return;
  const status = answer.body['status'];
  if (typeof status === 'string' && !isTerminal(status))
    headers.set('openai-poll-after-ms', String(pollAfter));
}
