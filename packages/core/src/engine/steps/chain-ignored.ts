import { isTerminal, type Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/usage.ts';
import type { RunState } from '../run-state.ts';
import type { Step } from '../step.ts';
import { beginAttempt } from './begin-iteration.ts';
import { endRun } from './end-run.ts';

/** Whether the server says that the response continues from another. */
export function isChained({ previousResponseId }: Response): boolean {
  return typeof previousResponseId === 'string';
}

/**
 * Whether a chained response says that it continued from nothing, at whatever moment it says so: only an explicit null
 * counts, and none after the server has said otherwise of the same response.
 */
export function isChainIgnored(
  { strategy, previousResponseId: sent, phase }: RunState,
  { previousResponseId }: Response,
): boolean {
  const isKnown = phase.type === 'waiting' && phase.chained;
  return strategy === 'chain' && sent !== null && previousResponseId === null && !isKnown;
}

/**
 * The server took `previous_response_id` and says that it continued from nothing: the model saw the outputs alone, and
 * its answer is meaningless (Ollama, vllm 43244). Its calls are not run.
 */
export function chainIgnored(step: Step, response: Response): void {
  const { policy } = step.state;
  const message = `The server ignored "previous_response_id" in response ${response.id}`;
  // What is discarded was paid for.
  step.set({ usage: addUsage(step.state.usage, readUsage(response.usage)) });
  step.perform({ type: 'abort_request' });
  if (!isTerminal(response.status)) step.perform({ type: 'cancel_other', responseId: response.id });
  step.setAttempt({ status: isTerminal(response.status) ? response.status : 'cancelled' });
  if (policy.continuation !== 'auto') {
    const error = { code: 'chain_ignored', message: `${message}. Use \`continuation: 'replay'\`.` };
    return endRun(step, { status: 'failed', error });
  }
  step.warn(
    'replay',
    `${message}, so that response is discarded and the whole conversation is sent again from here on.`,
  );
  step.set({ strategy: 'replay' });
  // Not in this step: what the abandoned stream has brought already must not answer the next create.
  beginAttempt(step, { retryAt: step.time });
}
