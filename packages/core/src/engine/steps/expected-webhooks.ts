import type { Response } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import type { RunState, Waiting } from '../run-state.ts';
import type { Step } from '../step.ts';

/** The time for which polls stay rare after a webhook has arrived, in milliseconds. */
const rememberedForMs = 24 * 3_600_000;
/** A webhook is missing if it has not come this many milliseconds after the end of its response. */
const missingAfterMs = 30_000;
/** The maximum delay between two polls while webhooks arrive, in milliseconds. */
const longestMs = 900_000;
/**
 * The maximum delay for a response that the API may not store, in milliseconds. The API removes such a response 10
 * minutes after its end, so a lost webhook must be found before.
 */
const longestOfUnstoredMs = 120_000;

/** Whether webhooks announce the ends of this run's responses. OpenAI sends them for background responses. */
export function expectsWebhooks({ state, time }: Step): boolean {
  return state.background && time < (state.webhooksUntil ?? 0);
}

/** The maximum delay between two polls while webhooks arrive, in milliseconds. A maximum of the user is kept. */
export function longestPollDelay({ policy, stored }: RunState): number {
  if (policy.chosen.pollingMaxMs === true) return policy.polling.maxMs;
  return policy.store === true && stored !== false ? longestMs : longestOfUnstoredMs;
}

/** The webhook may have come before the id of its response was saved. Then the store has remembered it. */
export function takeWebhook(step: Step, { pending }: Waiting): void {
  if (step.state.background) step.perform({ type: 'take_webhook', responseId: pending.responseId });
}

/**
 * A poll has found the end of its response. This shows whether webhooks arrive. The age of the end is computed from the
 * server's own times, so that no clocks are compared.
 */
export function noteWebhook(step: Step, { endAnnouncedAt, pending }: Waiting, { tookMs }: Response): void {
  if (endAnnouncedAt !== undefined) return learn(step, rememberedForMs);
  const isLate = tookMs !== undefined && step.time - (pending.since + tookMs) > missingAfterMs;
  if (isLate && expectsWebhooks(step)) learn(step, 0);
}

function learn(step: Step, forMs: number): void {
  setExpected(step, forMs);
  step.perform({ type: 'remember_webhooks', forMs });
}

/** Sets how long webhooks are expected from now on, in milliseconds. */
export function setExpected(step: Step, forMs: EngineEventOf<'webhooks_known'>['forMs']): void {
  step.set({ webhooksUntil: forMs > 0 ? step.time + forMs : 0 });
}
