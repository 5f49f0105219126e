import { expect, test } from 'vitest';
import { readResponse } from '../../wire/response.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { EngineEvent } from '../engine-event.ts';
import { initialState } from '../initial-state.ts';
import { defaultPolicy } from '../run-policy.ts';
import { transition } from '../transition.ts';
import { applyEvent, emptyView } from '../view/apply-event.ts';
import type { RunView } from '../view/run-view.ts';

const now = { at: 1_000, random: 0.5 };
const spec = {
  name: 'agent',
  model: 'gpt-6-astra',
  tools: [],
  background: true,
  maxIterations: 5,
  request: {},
  prepares: false,
  structured: false,
};

function response(status: string, output: readonly JsonObject[]): JsonObject {
  return { id: 'resp_1', object: 'response', status, background: true, output: [...output], usage: null };
}

function message(id: string, text: string): JsonObject {
  return { type: 'message', id, role: 'assistant', content: [{ type: 'output_text', text }] };
}

/** The view of a run that these things happen to, one after the other. */
function played(happened: readonly EngineEvent[]): RunView {
  const policy = { ...defaultPolicy, mode: 'stream' as const };
  let state = initialState(spec, 'Hello', { runId: 'run_1', at: 0, policy });
  let view = emptyView;
  for (const event of [{ type: 'started', ...now } as const, ...happened]) {
    const [next, effects] = transition(state, event);
    state = next;
    for (const effect of effects) {
      if (effect.type === 'emit') view = applyEvent(view, { ...effect.event, seq: 0, at: event.at });
    }
  }
  return view;
}

const created = { type: 'response.created', response: response('in_progress', []) };

/** Some gateways leave out `sequence_number`: then each stream is read from its beginning, and the view begins anew. */
test('what a stream without numbers had told before it was opened again is told at the end, too', () => {
  const output = [message('msg_1', 'First. '), message('msg_2', 'Second.')];
  const told = { type: 'response.output_item.done', output_index: 0, item: output[0] ?? {} };
  const completed = readResponse(response('completed', output));
  if (completed === undefined) throw new Error('The response cannot be read.');
  const view = played([
    { type: 'streamed', events: [created, told], ...now },
    { type: 'stream_ended', reason: 'lost', ...now },
    { type: 'timer', ...now, at: 60_000 },
    { type: 'stream_opened', ...now, at: 60_000 },
    { type: 'responded', to: 'retrieve', response: completed, ...now, at: 70_000 },
  ]);

  expect(view.status).toBe('completed');
  expect(view.items.map(({ item }) => item.id)).toEqual(['msg_1', 'msg_2']);
});

test('a place before the first, which only nonsense names, is the first', () => {
  const item = { type: 'message', id: 'msg_1', role: 'assistant', content: [] };
  const added = { type: 'response.output_item.added', output_index: -1, item };
  const delta = { type: 'response.output_text.delta', output_index: -1, content_index: -1, delta: 'Seen' };
  const view = played([{ type: 'streamed', events: [created, added, delta], ...now }]);

  expect(view.text).toBe('Seen');
  expect(view.items).toMatchObject([{ outputIndex: 0, item: { content: [{ text: 'Seen' }] } }]);
});
