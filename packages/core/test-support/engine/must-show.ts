import { isDeepStrictEqual } from 'node:util';
import { viewOf } from '../../src/engine/view/view-of.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import type { RunState } from '../../src/engine/run-state.ts';
import type { StoredItem } from '../../src/engine/stored-item.ts';
import { Broken } from './invariants.ts';

type Comparable = { readonly [field: string]: unknown };

/**
 * The parts of a view that are the same for an observer of the events and for a loaded run. Deltas and cursors are not
 * saved.
 */
function comparable(view: RunView, recorded: (iteration: number) => boolean): Comparable {
  const { runId, agent, threadId, continues, status, input, steered, iteration } = view;
  const { usage, warnings, error } = view;
  const { nextPollAt: _next, lastSequenceNumber: _cursor, ...waiting } = view.waiting ?? {};
  const iterations = view.iterations.map(({ startedAt: _at, text: _text, ...shown }) => shown);
  const toolCalls = view.toolCalls.map((call) => {
    const { callId, name, rawArguments, output, error: why, approvalView } = call;
    // Immediately after a resume, running calls are pending until they are assessed again.
    const callStatus = call.status === 'pending' ? 'running' : call.status;
    return { callId, callStatus, name, rawArguments, output, why, approvalView, iteration: call.iteration };
  });
  return {
    ...{
      runId,
      agent,
      threadId,
      continues,
      status,
      input,
      steered,
      iteration,
      usage,
      warnings,
      waiting,
      error,
      iterations,
    },
    // A stream shows calls before their response is saved.
    toolCalls: toolCalls.filter((call) => recorded(call.iteration)),
  };
}

/** Fails unless the view from the events equals the view from the saved run. */
export function mustShow(state: RunState, view: RunView, items: readonly StoredItem[]): void {
  const { type } = state.phase;
  if (type !== 'done' && type !== 'tools' && type !== 'waiting') return;
  const recorded = (iteration: number): boolean =>
    items.some((item) => item.type === 'output' && item.iteration === iteration);
  const shown = comparable(view, recorded);
  const loaded = comparable(viewOf(state, items, 'here'), recorded);
  const difference = differenceOf(shown, loaded, '');
  if (difference !== undefined) throw new Broken('View', `while ${type}, ${difference}`);
}

/** Describes the first difference between two values, for debugging. */
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
  return `${path} has different keys`;
}
