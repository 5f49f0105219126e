import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { deepFreeze } from '../../wire/deep-freeze.ts';
import { applyEvent, applyEvents } from './apply-event.ts';
import { emptyView } from './empty-view.ts';
import type { RunEvent, RunEventBody } from './run-event.ts';

const iteration = fc.integer({ min: 0, max: 1 });
const outputIndex = fc.integer({ min: 0, max: 4 });
const callId = fc.constantFrom('a', 'b', 'c');
const item = fc.oneof(
  callId.map((call_id) => ({ type: 'function_call', call_id, name: 'f', arguments: '{}' })),
  fc
    .constantFrom('commentary', 'final_answer', null)
    .map((phase) => ({ type: 'message', phase, content: [] })),
  fc.constant({ type: 'message', agent: { agent_name: '/root/scout' }, content: [] }),
);
const delta = fc.constantFrom('x', 'yz');
const body: fc.Arbitrary<RunEventBody> = fc.oneof(
  fc.record({ type: fc.constantFrom('item.added', 'item.done'), iteration, outputIndex, item }),
  fc.record({ type: fc.constant('text.delta'), iteration, outputIndex, contentIndex: fc.constant(0), delta }),
  fc.record({
    type: fc.constant('item.delta'),
    field: fc.constantFrom('text', 'arguments'),
    ...{ iteration, outputIndex, index: fc.constant(0), delta },
  }),
  fc.record({ type: fc.constant('tool.progress'), iteration, callId, progress: fc.integer() }),
  fc.record({
    type: fc.constant('iteration.started'),
    iteration,
    attempt: fc.constant(0),
    strategy: fc.constant('first'),
    mode: fc.constant('stream'),
    request: fc.constant({ model: 'm', input: [], background: true }),
  }),
);

test('applyEvents returns the same view as applyEvent for each event, and does not change a published view', () => {
  fc.assert(
    fc.property(fc.array(body, { maxLength: 40 }), fc.nat(20), (bodies, cut) => {
      const events = bodies.map((one, index): RunEvent => ({ ...one, seq: index + 1, at: index }));
      const before = deepFreeze(events.slice(0, cut).reduce(applyEvent, emptyView));
      const copy = structuredClone(before);
      const after = applyEvents(before, events.slice(cut));
      expect(after).toEqual(events.slice(cut).reduce(applyEvent, before));
      expect(before).toEqual(copy);
      // The next batch does not change a published view.
      const shown = structuredClone(after);
      applyEvents(after, events);
      expect(after).toEqual(shown);
    }),
  );
});
