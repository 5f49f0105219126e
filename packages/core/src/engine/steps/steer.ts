import type { EngineEventOf } from '../engine-event.ts';
import type { MessageResult } from '../message-result.ts';
import type { Step } from '../step.ts';
import { isSteered, steerProblem } from '../steer-problem.ts';

/**
 * Saves input that was added to the run. The create of the next iteration contains it (I12). The same input again has
 * no effect.
 */
export function onSteerAsked(step: Step, event: EngineEventOf<'steer_asked'>): MessageResult {
  const { steerId, input } = event;
  const problem = steerProblem(step.state, steerId);
  if (problem !== undefined) return { result: 'rejected', ...problem };
  if (isSteered(step.state, steerId)) return { result: 'applied' };
  step.set({ steers: [...(step.state.steers ?? []), { steerId }] });
  step.save({ type: 'steer', steerId, input, at: step.at });
  step.emit({ type: 'input.steered', steerId, input });
  return { result: 'applied' };
}

/** Assigns the input that no create contains yet to this iteration, once and for all attempts of it (I12). */
export function sendSteered(step: Step, iteration: number): void {
  const { steers = [] } = step.state;
  const steerIds = steers.flatMap(({ steerId, sentIn }) => (sentIn === undefined ? [steerId] : []));
  if (steerIds.length === 0) return;
  step.set({ steers: steers.map((steer) => ({ sentIn: iteration, ...steer })) });
  step.save({ type: 'steer_sent', iteration, steerIds });
  step.emit({ type: 'input.sent', iteration, steerIds });
}
