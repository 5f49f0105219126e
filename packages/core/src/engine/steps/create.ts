import { isTerminal, type Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { queueWindowOf } from '../policy/queue-window.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { WaitMode } from '../view/run-view.ts';
import { beginAttempt, send } from './begin-leg.ts';
import { cancelAnswered, cancelConfirmed, cancelPending } from './cancel.ts';
import { endLeg } from './end-leg.ts';
import { endRun } from './end-run.ts';
import { polled, waitFor } from './poll.ts';

export function onPrepared(step: Step, event: EngineEventOf<'prepared'>): void {
  const { phase, iteration, strategy } = step.state;
  const { patch } = event;
  if (phase.type !== 'creating' || phase.stage !== 'preparing') return;
  if (patch !== null) step.save({ type: 'request', iteration, strategy, patch });
  const granted = patch?.set['background_options'];
  if (granted !== undefined) step.set({ queueWindowMs: queueWindowOf(granted) });
  // The API refuses `stream` beside a window.
  if (step.state.queueWindowMs !== null) step.setAttempt({ mode: 'poll' });
  send(step, phase, true);
}

export function onPrepareFailed(step: Step, event: EngineEventOf<'prepare_failed'>): void {
  const { phase } = step.state;
  if (phase.type === 'creating' && phase.stage === 'preparing')
    endRun(step, { status: 'failed', error: event.error });
}

export function onResponded(step: Step, event: EngineEventOf<'responded'>): void {
  const { phase } = step.state;
  const { to, response } = event;
  if (phase.type === 'creating' && phase.stage === 'sending' && to === 'create') {
    accepted(step, response, 'poll', event);
  } else if (phase.type === 'waiting' && to === 'retrieve') {
    polled(step, phase, response, event.asked);
  } else if (phase.type === 'cancelling') {
    if (to === 'create' && phase.stage === 'awaiting_id') cancelPending(step, phase, response);
    if (to === 'cancel' && phase.stage === 'cancelling') cancelAnswered(step, phase, response);
    if (to === 'retrieve' && phase.stage === 'confirming') cancelConfirmed(step, response);
  }
}

/** The create was answered: from here on there is an id, saved before it is used (I7). */
export function accepted(
  step: Step,
  response: Response,
  mode: WaitMode,
  { asked }: Pick<EngineEventOf<'responded'>, 'asked'> = {},
): void {
  const { state } = step;
  // I3: a server that ignores the flag works in the foreground, and loses the response with the connection.
  if (state.background && response.background !== true && !state.backgroundIgnored) {
    step.set({ backgroundIgnored: true });
    step.warn(
      'background_ignored',
      `The server did not take "background": response ${response.id} says ${String(response.background)}. Without it a lost connection loses the response.`,
    );
  }
  if (response.store !== undefined) step.set({ stored: response.store });
  step.setAttempt({ responseId: response.id, status: response.status, mode });
  if (state.strategy === 'chain' && response.previousResponseId === null) return chainIgnored(step, response);
  if (isTerminal(response.status)) endLeg(step, response, response.id, nothingStreamed);
  else waitFor(step, response, mode, asked);
}

/**
 * The server took `previous_response_id` and says that it continued from nothing: the model saw the outputs alone, and
 * its answer is meaningless (Ollama, vllm 43244). Its calls are not run.
 */
function chainIgnored(step: Step, response: Response): void {
  const { policy } = step.state;
  const message = `The server ignored "previous_response_id" in response ${response.id}`;
  // What is discarded was paid for.
  step.set({ usage: addUsage(step.state.usage, readUsage(response.usage)) });
  step.perform({ type: 'abort_request' });
  if (!isTerminal(response.status)) step.perform({ type: 'cancel_other', responseId: response.id });
  step.setAttempt({ status: isTerminal(response.status) ? response.status : 'cancelled' });
  if (policy.continuation !== 'auto') {
    const error = { code: 'chain_ignored', message: `${message}. Use \`continuation: 'replay'\`.` };
    return endRun(step, { status: 'failed', error });
  }
  step.warn(
    'replay',
    `${message}, so that response is discarded and the whole conversation is sent again from here on.`,
  );
  step.set({ strategy: 'replay' });
  // Not in this step: what the abandoned stream has brought already must not answer the next create.
  beginAttempt(step, { retryAt: step.time });
}
