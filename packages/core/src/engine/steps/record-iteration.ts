import { defined } from '../../wire/defined.ts';
import type { JsonObject } from '../../wire/json.ts';
import { readUsage } from '../../wire/read-usage.ts';
import { type Usage } from '../../wire/usage.ts';
import type { Step } from '../step.ts';
import { agentTexts, messageText } from '../../wire/message-text.ts';
import type { OutputItem } from '../../wire/items.ts';
import { isSameJson } from '../../wire/is-same-json.ts';
import type { Response } from '../../wire/response.ts';
import { callsOf } from '../calls.ts';
import type { Streamed } from '../streamed.ts';

/** The end of an iteration, with or without a final response. */
export interface IterationEnd {
  readonly responseId: string | null;
  readonly endedAs?: string;
  readonly status: string;
  readonly usage: Usage;
  /** Whether the server states that it keeps the response. */
  readonly store?: boolean | undefined;
  /** Null without a final response: the view keeps the streamed text. */
  readonly text: string | null;
  /** Texts of other agents of a multi-agent response, by agent. */
  readonly agentTexts?: Readonly<Record<string, string>> | undefined;
  readonly toolCallIds: readonly string[];
  readonly serviceTier?: string | undefined;
  readonly toolUsage?: JsonObject | undefined;
}

/** Appends the iteration to the run's items and emits `iteration.completed`. */
export function recordIteration(
  step: Step,
  { store, text, agentTexts: otherTexts, toolCallIds, endedAs, serviceTier, toolUsage, ...end }: IterationEnd,
): void {
  const { iteration, iterationStartedAt, attempts, usage: totalUsage, stored, policy } = step.state;
  const ended = { iteration, ...end, ...defined({ serviceTier, toolUsage }), attempts };
  step.save({
    type: 'iteration',
    ...ended,
    ...defined({ endedAs }),
    stored: store ?? stored ?? policy.store ?? true,
    startedAt: iterationStartedAt,
    endedAt: step.at,
  });
  step.emit({
    type: 'iteration.completed',
    ...ended,
    text,
    ...defined({ agentTexts: otherTexts }),
    toolCallIds,
    totalUsage,
  });
}

/** Appends the response's output and the iteration to the run's items, and emits the output that was not streamed. */
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
  // From here on no response is pending (I2).
  step.enter({ type: 'finishing' });
}

/** Emits the items that were not streamed, or all items if the final output differs from the streamed ones. */
function emitOutput(step: Step, output: readonly OutputItem[], { doneItems, openItems }: Streamed): void {
  const { iteration } = step.state;
  const streamedItems = new Map(doneItems.map(({ outputIndex, item }) => [outputIndex, item]));
  const isOther = [...streamedItems].some(([index, item]) => !isSameJson(output[index], item));
  if (isOther || openItems.some(({ outputIndex }) => outputIndex >= output.length)) {
    return step.emit({ type: 'items.replaced', iteration, items: output });
  }
  for (const [outputIndex, item] of output.entries()) {
    if (!streamedItems.has(outputIndex)) step.emit({ type: 'item.done', iteration, outputIndex, item });
  }
}
