import type { RunEventBody } from './run-event.ts';

/** Two deltas of one text made into one, which says the same to whoever has heard neither; undefined for other events. */
export function mergeDeltas<Later extends RunEventBody>(last: RunEventBody, later: Later): Later | undefined {
  if (last.type === 'text.delta' && later.type === 'text.delta') {
    return last.outputIndex === later.outputIndex &&
      last.contentIndex === later.contentIndex &&
      last.iteration === later.iteration
      ? { ...later, delta: last.delta + later.delta }
      : undefined;
  }
  if (last.type === 'item.delta' && later.type === 'item.delta') {
    return last.outputIndex === later.outputIndex &&
      last.field === later.field &&
      last.index === later.index &&
      last.iteration === later.iteration
      ? { ...later, delta: last.delta + later.delta }
      : undefined;
  }
  return undefined;
}
