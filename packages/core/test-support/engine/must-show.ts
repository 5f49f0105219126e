import { isDeepStrictEqual } from 'node:util';
import { viewOf } from '../../src/engine/view/view-of.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import type { EngineWorld } from './engine-world.ts';
import { Broken } from './invariants.ts';

type Comparable = { readonly [field: string]: unknown };

/** What both know: one that saw the events, one that loads the run. Deltas and cursors are not saved. */
function comparable(view: RunView, recorded: (iteration: number) => boolean): Comparable {
  const { runId, agent, status, input, iteration, usage, warnings, error } = view;
  const { nextPollAt: _next, lastSequenceNumber: _cursor, ...waiting } = view.waiting ?? {};
  const iterations = view.iterations.map(({ startedAt: _at, text: _text, ...shown }) => shown);
  const toolCalls = view.toolCalls.map((call) => {
    const { callId, name, rawArguments, output, error: why } = call;
    // Right after a resume what ran is about to be looked at anew.
    const stands = call.status === 'pending' ? 'running' : call.status;
    return { callId, stands, name, rawArguments, output, why, iteration: call.iteration };
  });
  return {
    ...{ runId, agent, status, input, iteration, usage, warnings, waiting, error, iterations },
    // A stream shows calls before its response is there to be saved.
    toolCalls: toolCalls.filter((call) => recorded(call.iteration)),
  };
}

/** Where a run rests, the view made of its events is the view made of what was saved. */
export function mustShow({ state, view, items }: EngineWorld): void {
  const { type } = state.phase;
  if (type !== 'done' && type !== 'tools' && type !== 'waiting') return;
  const recorded = (iteration: number): boolean =>
    items.some((item) => item.type === 'output' && item.iteration === iteration);
  const shown = comparable(view, recorded);
  const loaded = comparable(viewOf(state, items, 'here'), recorded);
  const difference = differenceOf(shown, loaded, '');
  if (difference !== undefined) throw new Broken('View', `while ${type}, ${difference}`);
}

/** Where two values part, for a person who looks for the reason. */
function differenceOf(shown: unknown, loaded: unknown, path: string): string | undefined {
  if (isDeepStrictEqual(shown, loaded)) return undefined;
  const parts = [shown, loaded].map((value) =>
    typeof value === 'object' && value !== null ? value : undefined,
  );
  const [now, then] = parts;
  if (now === undefined || then === undefined) {
    return `${path} is shown as ${JSON.stringify(shown)} and loaded as ${JSON.stringify(loaded)}`;
  }
  for (const key of new Set([...Object.keys(now), ...Object.keys(then)])) {
    const found = differenceOf(Reflect.get(now, key), Reflect.get(then, key), `${path}.${key}`);
    if (found !== undefined) return found;
  }
  return `${path} has other keys`;
}
