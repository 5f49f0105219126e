import type { Effect } from './effect.ts';
import type { EngineEvent } from './engine-event.ts';
import type { RunState } from './run-state.ts';
import { statusOf } from './run-status.ts';
import { Step } from './step.ts';
import { onPrepared, onPrepareFailed, onResponded } from './steps/create.ts';
import { onCreateFailed } from './steps/create-failed.ts';
import { onOutputRead, onStartFailed } from './steps/end-run.ts';
import { onStreamsBuffered } from './steps/buffering-proxy.ts';
import { onHistoryFailed, onHistoryLoaded } from './steps/history.ts';
import { onMessage } from './steps/message.ts';
import { onResumed } from './steps/resume.ts';
import { countGap, onSlept } from './steps/machine-sleep.ts';
import { onStarted } from './steps/start.ts';
import { onStreamEnded, onStreamOpened } from './steps/stream-connection.ts';
import { onStreamed } from './steps/stream-events.ts';
import { onTimer, onWoken } from './steps/timer.ts';
import { onWebhooksKnown } from './steps/webhook.ts';
import { onAssessed, onToolProgressed, onToolSettled } from './steps/tools.ts';
import { onRetrieveFailed } from './steps/retrieve-failed.ts';
import { wakeAt } from './wake-at.ts';

/**
 * Computes a run's next state and effects from an event. It is pure: the event contains the time and a random number,
 * and the effects are data. An answer that does not fit the phase has no effect, so late answers are harmless.
 */
export function transition(state: RunState, event: EngineEvent): [RunState, Effect[]] {
  // A run that has ended never changes (I8).
  if (state.phase.type === 'done') return [state, []];
  const step = new Step(state, event);
  updateSkew(step);
  countGap(step, event);
  handle(step, event);
  // Some events change no state, such as the progress of a tool.
  if (step.state !== state || event.type === 'timer') updateTime(step, event);
  const effects = step.finish();
  return [step.state, effects];
}

/** Updates the data that follows from the state: pauses, the public status, the timer. */
function updateTime(step: Step, event: EngineEvent): void {
  updatePause(step);
  step.updateStatus();
  const wake = wakeAt(step.state);
  // After a timer has fired, and in a new process, the timer must be set, even for the same time.
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
    case 'history_loaded':
      return onHistoryLoaded(step, event);
    case 'history_failed':
      return onHistoryFailed(step, event);
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
      return onWoken(step, event);
    case 'slept':
      return onSlept(step, event);
    case 'watched':
      return step.set({ unwatched: !event.watched });
    case 'streams_buffered':
      return onStreamsBuffered(step, event);
    case 'webhooks_known':
      return onWebhooksKnown(step, event);
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
    case 'lease_asked':
    case 'steer_asked':
    case 'owner_assigned':
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

/**
 * The clocks of one machine drift apart by milliseconds. Only a difference of more than this many milliseconds changes
 * the displayed times.
 */
const jumpMs = 1_000;

/** Updates the difference between wall time and the time line, from which displayed times are computed. */
function updateSkew(step: Step): void {
  const { clock } = step.state;
  const skewMs = step.at - step.time;
  if (Math.abs(skewMs - clock.skewMs) > jumpMs) step.set({ clock: { ...clock, skewMs } });
}

/**
 * Pauses the run's time while the run only waits for a person, even for days. If `runMs` is the default, the time also
 * pauses while a discounted response (one with a completion window) is queued.
 */
function updatePause(step: Step): void {
  const { state, time } = step;
  const isPaused = statusOf(state) === 'requires_action' || isInQueueWindow(state);
  if (isPaused && state.pausedAt === null) step.set({ pausedAt: time });
  if (!isPaused && state.pausedAt !== null) {
    step.set({ pausedAt: null, pausedMs: state.pausedMs + Math.max(0, time - state.pausedAt) });
  }
}

function isInQueueWindow({ phase, policy, queueWindowMs }: RunState): boolean {
  const isQueued = phase.type === 'waiting' && phase.pending.status === 'queued';
  return isQueued && queueWindowMs !== null && !policy.chosen.runMs;
}
