import type { Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import type { Streamed } from '../run-state.ts';
import type { Step } from '../step.ts';
import { endRun } from './end-run.ts';

/**
 * Whether a GET leaves open what a response said: it shows no output, and of the items that its stream began only some
 * were done, or the process that read the stream is gone. What is missing may be the answer, or calls.
 */
export function isUnknownOutput(
  { status, output }: Response,
  { doneItems, openItems, gap }: Streamed,
): boolean {
  const lacks = doneItems.length > 0 ? openItems.length > 0 : gap;
  return status === 'completed' && output.length === 0 && lacks;
}

/** The response is over, and what it said is not known: that must not look like an answer (I11). */
export function endUnknown(step: Step, responseId: string, response: Pick<Response, 'usage'>): void {
  const usage = readUsage(response.usage);
  step.set({ usage: addUsage(step.state.usage, usage) });
  const message = `Events of the stream of ${responseId} are missing and its final output is empty, so what it said is not known.`;
  endRun(step, { status: 'failed', error: { code: 'invalid_response', message } }, { usage });
}
