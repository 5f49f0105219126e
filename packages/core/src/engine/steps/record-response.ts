import { agentTexts, messageText } from '../../wire/message-text.ts';
import type { OutputItem } from '../../wire/items.ts';
import { isSameJson } from '../../wire/is-same-json.ts';
import type { Response } from '../../wire/response.ts';
import { readUsage } from '../../wire/usage.ts';
import { callsOf } from '../calls-of.ts';
import type { Streamed } from '../run-state.ts';
import type { Step } from '../step.ts';
import { recordIteration } from './record-iteration.ts';

/** Appends the iteration to the run's record and tells what has not been told while it streamed. */
export function recordResponse(step: Step, response: Response, pendingId: string, streamed: Streamed): void {
  const { iteration } = step.state;
  const { output } = response;
  for (const [outputIndex, item] of output.entries())
    step.save({ type: 'output', iteration, outputIndex, item });
  emitOutput(step, output, streamed);
  const { id, status, store, serviceTier, toolUsage } = response;
  recordIteration(step, {
    responseId: pendingId,
    ...(id === pendingId ? {} : { endedAs: id }),
    status,
    usage: readUsage(response.usage),
    serviceTier,
    toolUsage,
    store,
    text: messageText(output),
    agentTexts: agentTexts(output),
    toolCallIds: callsOf(output).map((call) => call.callId),
  });
  // Nothing is pending any more, whatever comes next (I2).
  step.go({ type: 'finishing' });
}

/** Items that were told while they streamed are told again only where the final output has others in their place. */
function emitOutput(step: Step, output: readonly OutputItem[], { doneItems, openItems }: Streamed): void {
  const { iteration } = step.state;
  const told = new Map(doneItems.map(({ outputIndex, item }) => [outputIndex, item]));
  const isOther = [...told].some(([index, item]) => !isSameJson(output[index], item));
  if (isOther || openItems.some(({ outputIndex }) => outputIndex >= output.length)) {
    return step.emit({ type: 'items.replaced', iteration, items: output });
  }
  for (const [outputIndex, item] of output.entries()) {
    if (!told.has(outputIndex)) step.emit({ type: 'item.done', iteration, outputIndex, item });
  }
}
