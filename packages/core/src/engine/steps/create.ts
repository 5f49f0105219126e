import { isTerminal, type Response } from '../../wire/response.ts';
import type { EngineEventOf } from '../engine-event.ts';
import { queueWindowOf } from '../run-policy.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import type { WaitMode } from '../view/run-view.ts';
import { createMode, saveAndSend } from './begin-iteration.ts';
import { cancelAnswered, cancelConfirmed, cancelPending } from './cancel.ts';
import { chainIgnored, isChainIgnored } from './chain.ts';
import { endIteration } from './end-iteration.ts';
import { endRun, reasonOf } from './end-run.ts';
import { pollAnswered, waitFor } from './poll.ts';

export function onPrepared(step: Step, event: EngineEventOf<'prepared'>): void {
  const { phase, iteration, strategy } = step.state;
  const { patch } = event;
  if (phase.type !== 'creating' || phase.stage !== 'preparing') return;
  if (patch !== null) step.save({ type: 'request', iteration, strategy, patch });
  const granted = patch?.set['background_options'];
  if (granted !== undefined) step.set({ queueWindowMs: queueWindowOf(granted) });
  if (patch?.unset.includes('background_options') === true) step.set({ queueWindowMs: null });
  // The API refuses `stream` together with a completion window.
  step.setAttempt({ mode: createMode(step.state, step.time) });
  saveAndSend(step, { ...phase, unprepared: false }, true);
}

export function onPrepareFailed(step: Step, event: EngineEventOf<'prepare_failed'>): void {
  const { phase } = step.state;
  if (phase.type === 'creating' && phase.stage === 'preparing')
    endRun(step, { status: 'failed', ...reasonOf(event) });
}

export function onResponded(step: Step, event: EngineEventOf<'responded'>): void {
  const { phase } = step.state;
  const { to, response } = event;
  if (phase.type === 'creating' && phase.stage === 'sending' && to === 'create') {
    createAccepted(step, response, 'poll', event);
  } else if (phase.type === 'waiting' && to === 'retrieve') {
    pollAnswered(step, phase, response, event.asked);
  } else if (phase.type === 'cancelling') {
    if (to === 'create' && phase.stage === 'awaiting_id') cancelPending(step, phase, response);
    if (to === 'cancel' && phase.stage === 'cancelling') cancelAnswered(step, phase, response);
    if (to === 'retrieve' && phase.stage === 'confirming') cancelConfirmed(step, response);
  }
}

/** Handles the answer to a create. The response's id is saved before it is used (I7). */
export function createAccepted(
  step: Step,
  response: Response,
  mode: WaitMode,
  { asked }: Pick<EngineEventOf<'responded'>, 'asked'> = {},
): void {
  const { state } = step;
  // I3: a server that ignores `background` loses the response if the connection breaks.
  if (state.background && response.background !== true && !state.backgroundIgnored) {
    step.set({ backgroundIgnored: true });
    step.warn(
      'background_ignored',
      `The server ignored "background": response ${response.id} has the value ${JSON.stringify(response.background)}. If the connection breaks, the response is lost.`,
    );
  }
  if (response.store !== undefined) step.set({ stored: response.store });
  // The first event with the response may also be its last. A streamed response ends when its events are read.
  const isOver = isTerminal(response.status);
  const begun = isOver && mode === 'stream' ? { ...response, status: 'in_progress' } : response;
  step.setAttempt({ responseId: response.id, status: begun.status, mode });
  if (isChainIgnored(state, response)) return chainIgnored(step, response);
  if (isOver && mode === 'poll') endIteration(step, response, response.id, nothingStreamed);
  else waitFor(step, begun, mode, asked);
}
