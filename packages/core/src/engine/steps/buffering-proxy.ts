import type { EngineEventOf } from '../engine-event.ts';
import type { Creating } from '../run-state.ts';
import type { Step } from '../step.ts';
import { bufferedAt } from '../wake-at.ts';
import { createUnknown } from './create-unknown.ts';

/** The value of `bufferedUntil` for the rest of the run. */
const restOfRun = Number.MAX_SAFE_INTEGER;

/** Records that a proxy buffers streams: a streamed create received no complete event for a minute. */
export function noteBuffering(step: Step, phase: Creating): void {
  if (step.state.attempts.at(-1)?.mode !== 'stream' || phase.heard) return;
  if (step.state.bufferedUntil === restOfRun) return;
  step.set({ bufferedUntil: restOfRun });
  // If this process dies, the next one sends this create again, and must not wait as long.
  step.save();
  step.perform({ type: 'remember_buffering' });
}

/** Another run of this client has detected the proxy. */
export function onStreamsBuffered(step: Step, { forMs }: EngineEventOf<'streams_buffered'>): void {
  const until = step.time + forMs;
  const { bufferedUntil } = step.state;
  if (bufferedUntil === null || bufferedUntil < until) step.set({ bufferedUntil: until });
}

/** Checks the time limits of a create in flight. */
export function onCreateTimer(step: Step, phase: Creating): void {
  const { time } = step;
  const buffered = bufferedAt(step.state, phase);
  if (buffered !== null && time >= buffered) noteBuffering(step, phase);
  if (phase.giveUpAt === null || phase.sentAt === null || time < phase.giveUpAt) return;
  step.perform({ type: 'abort_request' });
  const message = `there was no answer within ${Math.round((phase.giveUpAt - phase.sentAt) / 1_000)} s`;
  createUnknown(step, phase, { kind: 'lost', message, timedOut: true });
}
