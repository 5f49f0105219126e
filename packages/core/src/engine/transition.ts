import type { Effect } from './effect.ts';
import type { EngineEvent } from './engine-event.ts';
import type { RunState } from './run-state.ts';
import { statusOf } from './run-status.ts';
import { Step } from './step.ts';
import { onCancelAsked } from './steps/cancel.ts';
import { onCreateFailed, onPrepared, onPrepareFailed, onResponded } from './steps/create.ts';
import { onDecided } from './steps/decide.ts';
import { onOutputRead, onStartFailed } from './steps/finish.ts';
import { onResumed } from './steps/resume.ts';
import { showStatus } from './steps/show-status.ts';
import { onStarted } from './steps/start.ts';
import { onStreamEnded, onStreamOpened } from './steps/stream.ts';
import { onStreamed } from './steps/streamed.ts';
import { onTimer, onWoken } from './steps/timer.ts';
import { onAssessed, onToolProgressed, onToolSettled } from './steps/tools.ts';
import { onUnreached } from './steps/unreached.ts';
import { wakeAt } from './wake-at.ts';

/**
 * The loop: what a run does next, given what happened. Pure: time and randomness come with the event, everything to
 * be done leaves as data. An event that does not fit the phase changes nothing, so late answers are harmless.
 */
export function transition(state: RunState, event: EngineEvent): [RunState, Effect[]] {
  // What ended stays as it ended (I8).
  if (state.phase.type === 'done') return [state, []];
  const step = new Step(state, event);
  handle(step, event);
  // Some events only tell: progress, text that is streamed.
  if (step.state !== state || event.type === 'timer') keepTime(step, event);
  const effects = step.finish();
  return [step.state, effects];
}

/** What follows from a changed state, whatever changed it: pauses, the public status, when to wake. */
function keepTime(step: Step, event: EngineEvent): void {
  pauseOrGoOn(step);
  showStatus(step);
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
    case 'failed_to_reach':
      return event.to === 'create' ? onCreateFailed(step, event) : onUnreached(step, event);
    case 'stream_opened':
      return onStreamOpened(step);
    case 'streamed':
      return onStreamed(step, event);
    case 'stream_ended':
      return onStreamEnded(step, event);
    case 'woken':
      return onWoken(step);
    case 'timer':
      return onTimer(step);
    case 'assessed':
      return onAssessed(step, event);
    case 'tool_progressed':
      return onToolProgressed(step, event);
    case 'tool_settled':
      return onToolSettled(step, event);
    case 'decided':
      return onDecided(step, event);
    case 'cancel_asked':
      return onCancelAsked(step, event);
    case 'held':
      return step.set({ held: true });
    case 'output_read':
      return onOutputRead(step, event);
    case 'resumed':
      return onResumed(step, event);
  }
}

/** The run's wall time stands still while only a person is awaited, for days if need be. */
function pauseOrGoOn(step: Step): void {
  const { state, at } = step;
  const awaited = statusOf(state) === 'requires_action';
  if (awaited && state.pausedAt === null) step.set({ pausedAt: at });
  if (!awaited && state.pausedAt !== null) {
    step.set({ pausedAt: null, pausedMs: state.pausedMs + Math.max(0, at - state.pausedAt) });
  }
}
