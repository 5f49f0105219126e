import type { Effect } from './effect.ts';
import type { EngineEvent } from './engine-event.ts';
import type { RunState } from './run-state.ts';
import { statusOf } from './run-status.ts';
import { Step } from './step.ts';
import { onPrepared, onPrepareFailed, onResponded } from './steps/create.ts';
import { onCreateFailed } from './steps/create-failed.ts';
import { onOutputRead, onStartFailed } from './steps/end-run.ts';
import { onStreamsBuffered } from './steps/buffering-proxy.ts';
import { onMessage } from './steps/message.ts';
import { onResumed } from './steps/resume.ts';
import { countGap, onSlept } from './steps/machine-sleep.ts';
import { onStarted } from './steps/start.ts';
import { onStreamEnded, onStreamOpened } from './steps/stream-connection.ts';
import { onStreamed } from './steps/stream-events.ts';
import { onTimer, onWoken } from './steps/timer.ts';
import { onAssessed, onToolProgressed, onToolSettled } from './steps/tools.ts';
import { onRetrieveFailed } from './steps/retrieve-failed.ts';
import { wakeAt } from './wake-at.ts';

/**
 * The loop: what a run does next, given what happened. Pure: time and randomness come with the event, everything to
 * be done leaves as data. An event that does not fit the phase changes nothing, so late answers are harmless.
 */
export function transition(state: RunState, event: EngineEvent): [RunState, Effect[]] {
  // What ended stays as it ended (I8).
  if (state.phase.type === 'done') return [state, []];
  const step = new Step(state, event);
  keepSkew(step);
  countGap(step, event);
  handle(step, event);
  // Some events only tell: progress, text that is streamed.
  if (step.state !== state || event.type === 'timer') keepTime(step, event);
  const effects = step.finish();
  return [step.state, effects];
}

/** What follows from a changed state, whatever changed it: pauses, the public status, when to wake. */
function keepTime(step: Step, event: EngineEvent): void {
  updatePause(step);
  step.updateStatus();
  const wake = wakeAt(step.state);
  // A timer that rang is gone: it has to be set again even for the same time.
  if (wake !== step.state.wakeAt || event.type === 'timer' || event.type === 'resumed') {
    step.set({ wakeAt: wake });
    step.perform({ type: 'wait', until: wake });
  }
}

function handle(step: Step, event: EngineEvent): void {
  switch (event.type) {
    case 'started':
      return onStarted(step, event);
    case 'start_failed':
      return onStartFailed(step, event);
    case 'prepared':
      return onPrepared(step, event);
    case 'prepare_failed':
      return onPrepareFailed(step, event);
    case 'responded':
      return onResponded(step, event);
    case 'request_failed':
      return event.to === 'create' ? onCreateFailed(step, event) : onRetrieveFailed(step, event);
    case 'stream_opened':
      return onStreamOpened(step);
    case 'streamed':
      return onStreamed(step, event);
    case 'stream_ended':
      return onStreamEnded(step, event);
    case 'woken':
      return onWoken(step);
    case 'slept':
      return onSlept(step, event);
    case 'streams_buffered':
      return onStreamsBuffered(step, event);
    case 'timer':
      return onTimer(step);
    case 'assessed':
      return onAssessed(step, event);
    case 'tool_progressed':
      return onToolProgressed(step, event);
    case 'tool_settled':
      return onToolSettled(step, event);
    case 'decided':
    case 'cancel_asked':
    case 'unreadable_message':
      return onMessage(step, event);
    case 'draining':
      return step.set({ draining: true });
    case 'output_read':
      return onOutputRead(step, event);
    case 'resumed':
      return onResumed(step, event);
  }
}

/** Clocks of one machine drift apart by milliseconds; only a jump changes what is shown. */
const jumpMs = 1_000;

/** What is shown as wall time is the time line, plus how far wall time is ahead of it. */
function keepSkew(step: Step): void {
  const { clock } = step.state;
  const skewMs = step.at - step.time;
  if (Math.abs(skewMs - clock.skewMs) > jumpMs) step.set({ clock: { ...clock, skewMs } });
}

/**
 * The run's time stands still while only a person is awaited, for days if need be; and, where `runMs` is the default,
 * while a discounted response is queued within the window that the agent granted.
 */
function updatePause(step: Step): void {
  const { state, time } = step;
  const stands = statusOf(state) === 'requires_action' || isInQueueWindow(state);
  if (stands && state.pausedAt === null) step.set({ pausedAt: time });
  if (!stands && state.pausedAt !== null) {
    step.set({ pausedAt: null, pausedMs: state.pausedMs + Math.max(0, time - state.pausedAt) });
  }
}

function isInQueueWindow({ phase, policy, queueWindowMs }: RunState): boolean {
  const isQueued = phase.type === 'waiting' && phase.pending.status === 'queued';
  return isQueued && queueWindowMs !== null && !policy.chosen.runMs;
}
