import type { EngineEventOf } from '../engine-event.ts';
import type { Creating } from '../run-state.ts';
import type { Step } from '../step.ts';
import { bufferedAt } from '../wake-at.ts';
import { createUnknown } from './create-unknown.ts';

/** For the rest of the run. */
const always = Number.MAX_SAFE_INTEGER;

/** A streamed create brought no complete event for a minute: a proxy holds streams back until the response is over. */
export function noteBuffering(step: Step, phase: Creating): void {
  if (step.state.attempts.at(-1)?.mode !== 'stream' || phase.heard) return;
  if (step.state.bufferedUntil === always) return;
  step.set({ bufferedUntil: always });
  // The process that sends this create again, should this one die, must not be held back for as long.
  step.save();
  step.perform({ type: 'remember_buffering' });
}

/** Another run of this client has seen it. */
export function onStreamsBuffered(step: Step, { forMs }: EngineEventOf<'streams_buffered'>): void {
  const until = step.time + forMs;
  const { bufferedUntil } = step.state;
  if (bufferedUntil === null || bufferedUntil < until) step.set({ bufferedUntil: until });
}

/** Time passes while a create is on its way. */
export function onCreateTimer(step: Step, phase: Creating): void {
  const { time } = step;
  const buffered = bufferedAt(step.state, phase);
  if (buffered !== null && time >= buffered) noteBuffering(step, phase);
  if (phase.giveUpAt === null || phase.sentAt === null || time < phase.giveUpAt) return;
  step.perform({ type: 'abort_request' });
  const message = `there was no answer within ${Math.round((phase.giveUpAt - phase.sentAt) / 1_000)} s`;
  createUnknown(step, phase, { kind: 'lost', message, timedOut: true });
}
