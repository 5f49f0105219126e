import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { modelResponse } from '../../../test-support/engine/model-response.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Effect } from '../effect.ts';
import { initialState } from '../initial-state.ts';
import type { RunState } from '../run-state.ts';
import { defaultPolicy } from '../run-policy.ts';
import { transition } from '../transition.ts';
import { applyEvent } from '../view/apply-event.ts';
import { emptyView } from '../view/empty-view.ts';
import { mergeDeltas, type RunEventBody } from '../view/run-event.ts';

const now = { at: 1_000, random: 0.5 };
const agent = { name: 'agent', model: 'gpt-6-astra' };

interface StreamResult {
  readonly state: RunState;
  /** The emitted events, with the deltas of one text merged. */
  readonly emitted: readonly RunEventBody[];
  readonly saved: readonly unknown[];
  readonly done: readonly Effect[];
}

/** Sends a stream in these batches to a run whose create is in flight. */
function stream(batches: readonly (readonly JsonObject[])[], background = true): StreamResult {
  const policy = { ...defaultPolicy, mode: 'stream' as const };
  let state = initialState({ ...agent, background }, 'Hello', { runId: 'run_1', at: 0, policy });
  const emitted: RunEventBody[] = [];
  const saved: unknown[] = [];
  const done: Effect[] = [];
  const streamed = batches.map((events) => ({ type: 'streamed', events, ...now }) as const);
  for (const event of [{ type: 'started', ...now } as const, ...streamed]) {
    const [next, effects] = transition(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.type === 'save') saved.push(...effect.append);
      else if (effect.type !== 'emit') done.push(effect);
      else {
        const merged = emitted.at(-1) && mergeDeltas(emitted.at(-1) ?? effect.event, effect.event);
        if (merged !== undefined) emitted.pop();
        emitted.push(merged ?? effect.event);
      }
    }
  }
  return { state, emitted, saved, done };
}

function viewFrom(emitted: readonly RunEventBody[]): unknown {
  return emitted.reduce((view, body, seq) => applyEvent(view, { ...body, seq, at: now.at }), emptyView);
}

/** Cuts a list before each index whose bit in `cuts` is 1. */
function cut(events: readonly JsonObject[], cuts: number): readonly (readonly JsonObject[])[] {
  const batches: JsonObject[][] = [];
  for (const [index, event] of events.entries()) {
    const last = batches.at(-1);
    if (last === undefined || (cuts >> (index % 31)) & 1) batches.push([event]);
    else last.push(event);
  }
  return batches;
}

const flags = { background: true, store: true };

/** The events of a stream on a bad connection: some are repeated, some are lost, one is early. */
const streams = fc
  .record({
    plan: fc.nat(31),
    numbered: fc.boolean(),
    early: fc.boolean(),
    twice: fc.array(fc.nat(30), { maxLength: 2 }),
    lost: fc.array(fc.nat(60), { maxLength: 1 }),
  })
  .map(({ plan, numbered, early, twice, lost }) => {
    const { log } = modelResponse(1, plan, { ...flags, numbered });
    const received = log.flatMap((event, index) =>
      lost.includes(index) ? [] : twice.includes(index) ? [event, event] : [event],
    );
    const odd = { type: 'error', code: 'odd', message: 'Before there is a response.' };
    return early ? [odd, ...received] : received;
  });

describe('events of a stream that arrive together', () => {
  test('have the same state, events, saved items and requests as one by one', () => {
    fc.assert(
      fc.property(streams, fc.nat(0x7fffffff), fc.boolean(), (events, cuts, background) => {
        const one = stream(cut(events, 0x7fffffff), background);
        const some = stream(cut(events, cuts), background);
        expect({ ...some.state, revision: 0 }).toEqual({ ...one.state, revision: 0 });
        expect(some.emitted).toEqual(one.emitted);
        expect(viewFrom(some.emitted)).toEqual(viewFrom(one.emitted));
        expect(some.saved).toEqual(one.saved);
        const timer = (done: readonly Effect[]): unknown => done.findLast((effect) => effect.type === 'wait');
        expect(timer(some.done)).toEqual(timer(one.done));
        const others = (done: readonly Effect[]): unknown => done.filter((effect) => effect.type !== 'wait');
        expect(others(some.done)).toEqual(others(one.done));
      }),
      { seed: 20_261_123, numRuns: 2_000 },
    );
  });

  test('are saved once, and their text is emitted once', () => {
    const { log } = modelResponse(1, 0, { ...flags, numbered: true });
    const { state, emitted } = stream([log]);
    // One save is before the create, and one is with the final event.
    expect(state.revision).toBe(2);
    expect(emitted.filter((event) => event.type === 'text.delta')).toEqual([
      { type: 'text.delta', iteration: 0, outputIndex: 0, contentIndex: 0, delta: 'Answer 1.' },
    ]);
  });
});
