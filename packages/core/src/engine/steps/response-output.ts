import type { OutputItem } from '../../wire/items.ts';
import type { Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import { callIdOf } from '../calls.ts';
import { isSameCall } from './stream-items.ts';
import type { Streamed } from '../streamed.ts';
import type { Step } from '../step.ts';
import { endRun } from './end-run.ts';

/**
 * Returns the response with its whole output. A terminal snapshot with output is complete: no item of the stream is
 * merged into it, so no call runs twice (vllm 47916). Only an empty output is replaced by the items that the stream
 * completed (CLIProxyAPI 2626, litellm 32724).
 */
export function responseOutput(step: Step, response: Response, streamed: Streamed): Response {
  const { doneItems } = streamed;
  if (response.output.length > 0 || doneItems.length === 0) {
    warnOfMissingOutput(step, response, streamed);
    return response;
  }
  const ordered = doneItems.toSorted((a, b) => a.outputIndex - b.outputIndex);
  if (response.status === 'completed' || response.status === 'incomplete') {
    step.warn(
      'output_from_stream',
      `The response ${response.id} ended with an empty output. The run uses the ${doneItems.length} items that its stream completed.`,
    );
  }
  return { ...response, output: withoutRepeatedCalls(ordered.map(({ item }) => item)) };
}

/** Removes repeated calls. A stream may send the same call at two output indexes. */
function withoutRepeatedCalls(items: readonly OutputItem[]): readonly OutputItem[] {
  const first = new Map<string, OutputItem>();
  return items.filter((item) => {
    const callId = callIdOf(item) ?? '';
    const before = first.get(callId);
    first.set(callId, before ?? item);
    return before === undefined || !isSameCall(before, item);
  });
}

/** The name of an item in a warning: its type, and the call id of a call. */
function nameOf(item: OutputItem): string {
  const callId = callIdOf(item);
  return callId === undefined ? item.type : `${item.type} ${callId}`;
}

function warnOfMissingOutput(
  step: Step,
  { id, status, output, usage }: Response,
  { doneItems, openItems }: Streamed,
): void {
  const left = output.map(nameOf);
  const isEmpty = output.length === 0 && (status === 'completed' || status === 'incomplete');
  const missing: string[] = isEmpty
    ? openItems.map(({ outputIndex, name }) => name ?? `item ${outputIndex}`)
    : [];
  for (const { item } of doneItems) {
    // Item ids differ between a stream and its snapshot on some servers; types and call ids do not.
    const index = left.indexOf(nameOf(item));
    if (index === -1) missing.push(nameOf(item));
    else left.splice(index, 1);
  }
  // Without a stream, only the usage can show that output is missing.
  const { outputTokens, reasoningTokens } = readUsage(usage);
  if (isEmpty && outputTokens > reasoningTokens && missing.length === 0)
    missing.push(`${outputTokens} tokens`);
  if (missing.length === 0) return;
  step.warn(
    'output_differs',
    `The final output of ${id} lacks generated output: ${missing.join(', ')}. The run uses the final output.`,
  );
}

/**
 * Whether the output of a completed response is unknown even after a GET. The GET returned an empty output, and the
 * stream completed only some of its items, or completed none and has a gap. The missing items may be the answer, or
 * calls. After a terminal event `gap` is false: then both answers have the empty output.
 */
export function isUnknownOutput(
  { status, output }: Response,
  { doneItems, openItems, gap }: Streamed,
): boolean {
  const lacks = doneItems.length > 0 ? openItems.length > 0 : gap;
  return status === 'completed' && output.length === 0 && lacks;
}

/** Fails the run because the output of its finished response is unknown. It must not look like an answer (I11). */
export function failUnknownOutput(step: Step, responseId: string, response: Pick<Response, 'usage'>): void {
  const usage = readUsage(response.usage);
  step.set({ usage: addUsage(step.state.usage, usage) });
  const message = `Events of the stream of ${responseId} are missing and its final output is empty, so its output is not known.`;
  endRun(step, { status: 'failed', error: { code: 'invalid_response', message } }, { usage });
}
