import type { EngineEventOf } from '../engine-event.ts';
import type { CallState, RunState, Waiting } from '../run-state.ts';
import { nothingStreamed } from '../saved-state.ts';
import type { Step } from '../step.ts';
import { isSettledCall } from '../view/run-view.ts';
import { createMode } from './begin-iteration.ts';
import { cancelTimeoutMs, abandonCancel } from './cancel.ts';
import { createInterrupted, retryCreateOnResume } from './create-unknown.ts';
import { takeWebhook } from './expected-webhooks.ts';
import { isCreateRetryUsed } from '../run-status.ts';
import { emitStatus } from './poll.ts';
import { addGap } from './machine-sleep.ts';
import { onStarted } from './start.ts';
import { streamWindowMs } from './stream-connection.ts';
import { advanceTools } from './tools.ts';

/**
 * Continues the run from its last save. A pending response is retrieved, not created again, and settled calls do not
 * run again (I6).
 */
export function onResumed(step: Step, event: EngineEventOf<'resumed'>): void {
  const { phase, epoch } = step.state;
  if (phase.type === 'done') return;
  step.set({ epoch: epoch + 1, policy: event.policy, draining: false });
  if (event.watched !== undefined) step.set({ unwatched: !event.watched });
  addGap(step, hasSentNothing(step.state) ? 0 : (event.gapMs ?? 0));
  step.save();
  step.emit({ type: 'run.resumed' });
  switch (phase.type) {
    case 'creating':
      // Use the mode of this process, which may be unable to read streams.
      step.setAttempt({ mode: createMode(step.state, step.time) });
      if (phase.stage === 'loading') step.perform({ type: 'load_history' });
      if (phase.stage === 'preparing') step.perform({ type: 'prepare' });
      if (phase.stage === 'sending') createInterrupted(step, phase);
      else if (isCreateRetryUsed(step.state)) retryCreateOnResume(step, phase, event.manual === true);
      else if (phase.retryAt !== null)
        step.enter({ ...phase, retryAt: Math.max(step.time, phase.retryAt - (event.gapMs ?? 0)) });
      return;
    case 'waiting': {
      const waiting = resumeWaiting(step, phase);
      step.enter(waiting);
      step.setAttempt({ mode: waiting.mode });
      takeWebhook(step, waiting);
      return emitStatus(step, waiting);
    }
    case 'tools': {
      const calls = phase.calls.map((call) => (isSettledCall(call.status) ? call : resumeCall(call)));
      step.enter({ ...phase, calls });
      const callIds = calls
        .filter((call) => !call.assessed && !isSettledCall(call.status))
        .map((call) => call.callId);
      if (callIds.length > 0) step.perform({ type: 'assess', callIds });
      else advanceTools(step);
      return;
    }
    case 'finishing':
      return step.perform({ type: 'read_output' });
    case 'cancelling':
      if (phase.stage === 'awaiting_id') return abandonCancel(step, phase);
      step.enter({ ...phase, retryAt: null, deadlineAt: step.time + cancelTimeoutMs });
      return step.perform({ type: phase.stage === 'cancelling' ? 'cancel' : 'retrieve' });
    case 'starting':
      return onStarted(step, { ...event, type: 'started' });
  }
}

/**
 * Whether the run was saved before it sent anything, as by a front of a queue. Its limits count from its first driver on:
 * the clock of the front may differ from the others'.
 */
function hasSentNothing({ phase, iteration, attempts, unknownCreates = 0 }: RunState): boolean {
  const isFirst = phase.type === 'creating' && phase.stage === 'backing_off' && iteration === 0;
  return isFirst && attempts.length === 1 && attempts[0]?.error === undefined && unknownCreates === 0;
}

function resumeCall(call: CallState): CallState {
  if (call.kind === 'mcp_approval') return call;
  const resumed = { ...call, assessed: false, resumed: true as const };
  return call.status === 'running' ? { ...resumed, status: 'pending', interrupted: true } : resumed;
}

/**
 * Returns the waiting phase for a new process. The process has not received the earlier events of a stream, so it reads
 * the stream from the start if the server still allows that, and polls otherwise.
 */
function resumeWaiting(step: Step, phase: Waiting): Waiting {
  const { policy, background } = step.state;
  const streams =
    phase.mode === 'stream' &&
    policy.mode !== 'poll' &&
    background &&
    step.time + step.state.clock.gapMs - phase.pending.since < streamWindowMs;
  return {
    ...phase,
    mode: streams ? 'stream' : 'poll',
    nextAt: step.time,
    failures: 0,
    withoutCredentials: 0,
    notFoundSince: null,
    foreignSince: null,
    error: null,
    cursor: null,
    emptyStreams: 0,
    ...nothingStreamed,
    gap: phase.gap,
    streamError: null,
  };
}
