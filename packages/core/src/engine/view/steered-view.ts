import type { RunEvent } from './run-event.ts';
import type { RunView } from './run-view.ts';

type EventOf<Type extends RunEvent['type']> = Extract<RunEvent, { readonly type: Type }>;

/** Adds input that the run has received. */
export function withSteered(view: RunView, { steerId, input, at }: EventOf<'input.steered'>): RunView {
  return { ...view, steered: [...view.steered, { steerId, input, at }] };
}

/** Records the iteration whose create contains the inputs. */
export function withSent(view: RunView, { iteration, steerIds }: EventOf<'input.sent'>): RunView {
  const steered = view.steered.map((one) =>
    steerIds.includes(one.steerId) && one.sentIn !== iteration ? { ...one, sentIn: iteration } : one,
  );
  return { ...view, steered };
}
