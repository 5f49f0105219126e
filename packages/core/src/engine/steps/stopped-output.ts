import type { OutputItem } from '../../wire/items.ts';
import { agentTexts, messageText } from '../../wire/message-text.ts';
import { callsOf } from '../calls.ts';
import type { IterationEnd } from './record-iteration.ts';
import type { DoneItem, OpenItem, Streamed } from '../streamed.ts';
import type { Step } from '../step.ts';

/** The output of a response that was stopped, for the record of its iteration. */
export type StoppedOutput = Pick<IterationEnd, 'text' | 'agentTexts' | 'toolCallIds'>;

/** The output that has streamed. The text of the view stays, so it is not repeated. */
export function streamedOutput(toolCallIds: readonly string[] = []): StoppedOutput {
  return { text: null, toolCallIds };
}

/**
 * Saves the output of a response that is stopped, up to the last event that has arrived here: the reader has seen it. A run that
 * continues this one has the text of the messages in its conversation. Returns the ids of the calls in the output;
 * undefined if there is no output.
 */
export function saveStreamedOutput(
  step: Step,
  { doneItems, openItems }: Streamed,
): readonly string[] | undefined {
  const done = new Set(doneItems.map(({ outputIndex }) => outputIndex));
  const open = openItems.filter(({ outputIndex }) => !done.has(outputIndex)).flatMap(partialMessage);
  for (const item of open) step.emit({ type: 'item.done', iteration: step.state.iteration, ...item });
  const all = [...doneItems, ...open].toSorted((a, b) => a.outputIndex - b.outputIndex);
  return all.length === 0 ? undefined : saveItems(step, all).toolCallIds;
}

/** The message that was streaming, with the text so far. */
function partialMessage({ outputIndex, message, texts = [] }: OpenItem): DoneItem[] {
  if (texts.every((text) => text === '')) return [];
  const content = texts.map((text) => ({ type: 'output_text', text, annotations: [] }));
  const started = message ?? { type: 'message', role: 'assistant' };
  return [{ outputIndex, item: { ...started, status: 'incomplete', content } }];
}

/** Saves the messages that the API returned for a response that was stopped, if nothing has streamed here. */
export function saveStoppedOutput(step: Step, output: readonly OutputItem[]): StoppedOutput {
  const items = output
    .map((item, outputIndex) => ({ item, outputIndex }))
    .filter(({ item }) => item.type === 'message');
  for (const item of items) step.emit({ type: 'item.done', iteration: step.state.iteration, ...item });
  return saveItems(step, items);
}

function saveItems(step: Step, stored: readonly DoneItem[]): StoppedOutput {
  const { iteration } = step.state;
  for (const item of stored) step.save({ type: 'output', iteration, ...item });
  const items = stored.map(({ item }) => item);
  return {
    text: messageText(items),
    agentTexts: agentTexts(items),
    toolCallIds: callsOf(items).map(({ callId }) => callId),
  };
}
