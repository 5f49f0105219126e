import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { arbitraryEvents } from '../../test-support/redaction/arbitrary-events.ts';
import { applyEvent } from '../engine/view/apply-event.ts';
import { emptyView } from '../engine/view/empty-view.ts';
import type { RunEvent } from '../engine/view/run-event.ts';
import type { RunView } from '../engine/view/run-view.ts';
import { shareStructure } from '../engine/view/share-structure.ts';
import type { Part } from './part.ts';
import { viewParts } from './view-parts.ts';

/** Events in any order. A steer id occurs once, as in runs. */
const events: fc.Arbitrary<readonly RunEvent[]> = arbitraryEvents.map((bodies) => {
  const known = new Set<string>();
  return bodies
    .filter((body) => {
      if (body.type !== 'input.steered') return true;
      const isNew = !known.has(body.steerId);
      known.add(body.steerId);
      return isNew;
    })
    .map((body, index): RunEvent => ({ ...body, seq: index + 1, at: index }));
});

const keysOf = (parts: readonly Part[]): readonly string[] => parts.map(({ key }) => key);

test('a deep copy of a view has equal parts, and the same view has the same array', () => {
  fc.assert(
    fc.property(events, (all) => {
      const view = all.reduce(applyEvent, emptyView);
      const parts = viewParts(view);
      expect(viewParts(structuredClone(view))).toEqual(parts);
      expect(viewParts(view)).toBe(parts);
    }),
    { numRuns: 500 },
  );
});

test('keys are unique, and parts have the order of iterations', () => {
  fc.assert(
    fc.property(events, (all) => {
      const view = all.reduce(applyEvent, emptyView);
      const parts = viewParts(view);
      expect(new Set(keysOf(parts)).size).toBe(parts.length);
      const iterations = parts.flatMap((part) => (part.type === 'error' ? [] : [part.iteration]));
      expect(iterations).toEqual(iterations.toSorted((a, b) => a - b));
    }),
    { numRuns: 500 },
  );
});

test('all parts are done when the run has ended, and those that did not change are the same objects', () => {
  const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 };
  const status = fc.constantFrom('completed', 'failed', 'cancelled');
  fc.assert(
    fc.property(events, status, (all, how) => {
      const before = all.reduce(applyEvent, emptyView);
      const view = applyEvent(before, { type: 'run.ended', status: how, usage, seq: 100, at: 100 });
      const parts = viewParts(view);
      expect(parts.filter(({ done }) => !done)).toEqual([]);
      expectKept(before, view, ({ type }) => type === 'error');
    }),
    { numRuns: 500 },
  );
});

test('each call of a view is the call of one part', () => {
  fc.assert(
    fc.property(events, (all) => {
      const view = all.reduce(applyEvent, emptyView);
      const calls = viewParts(view).flatMap((part) => (part.type === 'tool' ? [part.call] : []));
      expect(new Set(calls)).toEqual(new Set(view.toolCalls));
      expect(calls).toHaveLength(view.toolCalls.length);
    }),
    { numRuns: 500 },
  );
});

/** Whether an event may replace the objects of this part by equal ones. */
function mayReplace(event: RunEvent, { key, type, iteration }: Part): boolean {
  switch (event.type) {
    case 'item.added':
    case 'item.done':
      return type === 'tool' || `${key}/`.startsWith(`${event.iteration}/${event.outputIndex}/`);
    // A delta of another field, such as a refusal for a text, changes the content but not the part.
    case 'item.delta':
      return `${event.iteration}/${event.outputIndex}/${event.index}/`.startsWith(`${key}/`);
    case 'items.replaced':
    case 'iteration.started':
    case 'stream.connected':
      return iteration === event.iteration;
    case 'run.started':
    case 'view':
      return true;
    case 'attempt.failed':
    case 'run.ended':
      return type === 'error';
    case 'tool.started':
    case 'tool.progress':
    case 'tool.settled':
    case 'tool.leased':
    case 'decision.needed':
    case 'decision.made':
      return type === 'tool' && iteration === event.iteration;
    default:
      return false;
  }
}

function expectKept(before: RunView, after: RunView, isNew: (part: Part) => boolean): void {
  const known = new Map(viewParts(before).map((part) => [part.key, part]));
  for (const part of viewParts(after)) {
    const last = known.get(part.key);
    if (last === undefined || isNew(part)) continue;
    if (JSON.stringify(last) === JSON.stringify(part)) expect(part).toBe(last);
  }
}

test('a part that an event does not change is the same object', () => {
  fc.assert(
    fc.property(events, (all) => {
      let view = emptyView;
      for (const event of all) {
        const next = applyEvent(view, event);
        expectKept(view, next, (part) => mayReplace(event, part));
        view = next;
      }
    }),
    { numRuns: 500 },
  );
});

test('a part that did not change is the same object in a view that was read again, if the views share structure', () => {
  fc.assert(
    fc.property(events, (all) => {
      let [view, shared] = [emptyView, emptyView];
      for (const event of all) {
        view = applyEvent(view, event);
        const next = shareStructure(shared, structuredClone(view));
        // Entries of a list are compared by their place.
        const hasMoved = (['items', 'toolCalls'] as const).some((name) =>
          shared[name].some((one, index) => JSON.stringify(one) !== JSON.stringify(next[name][index])),
        );
        if (!hasMoved || event.type === 'text.delta' || event.type === 'item.delta') {
          expectKept(shared, next, () => false);
        }
        shared = next;
      }
    }),
    { numRuns: 300 },
  );
});
