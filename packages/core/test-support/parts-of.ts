import { applyEvent } from '../src/engine/view/apply-event.ts';
import { emptyView } from '../src/engine/view/empty-view.ts';
import type { RunEvent, RunEventBody } from '../src/engine/view/run-event.ts';
import type { RunView } from '../src/engine/view/run-view.ts';
import type { Part } from '../src/parts/part.ts';
import { viewParts } from '../src/parts/view-parts.ts';
import type { OutputItem } from '../src/wire/items.ts';
import type { JsonObject } from '../src/wire/json.ts';

const usage = { inputTokens: 0, cachedInputTokens: 0, outputTokens: 0, reasoningTokens: 0, totalTokens: 0 };

/** The view after these events. */
export function viewOf(...bodies: readonly RunEventBody[]): RunView {
  const events = bodies.map((body, index): RunEvent => ({ ...body, seq: index + 1, at: index }));
  return events.reduce(applyEvent, { ...emptyView, status: 'in_progress' });
}

type ItemEvent = Extract<RunEventBody, { readonly type: 'item.added' | 'item.done' }>;

/** An output item that has begun. */
export function added(outputIndex: number, item: OutputItem, iteration = 0): ItemEvent {
  return { type: 'item.added', iteration, outputIndex, item };
}

/** An output item that is complete. */
export function done(outputIndex: number, item: OutputItem, iteration = 0): ItemEvent {
  return { type: 'item.done', iteration, outputIndex, item };
}

export function ended(status: 'completed' | 'incomplete' | 'failed' | 'cancelled'): RunEventBody {
  return { type: 'run.ended', status, usage, error: { code: 'odd', message: 'Odd.' } };
}

/** The parts of output items that are done. */
export function partsOf(...items: readonly OutputItem[]): readonly Part[] {
  return viewParts(viewOf(...items.map((one, at) => done(at, one))));
}

export function message(...content: readonly JsonObject[]): OutputItem {
  return { type: 'message', role: 'assistant', content };
}

export function text(value: string, more: JsonObject = {}): JsonObject {
  return { type: 'output_text', text: value, ...more };
}

export function call(callId: string): OutputItem {
  return { type: 'function_call', call_id: callId, name: 'f', arguments: '{"a":1}' };
}
