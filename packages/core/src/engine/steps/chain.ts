import type { Failure, HttpFailure } from '../policy/failure.ts';
import type { Creating, RunState } from '../run-state.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import type { Step } from '../step.ts';
import { beginAttempt } from './begin-iteration.ts';
import { endRun } from './end-run.ts';

/** Retries of a create whose previous response is not found. */
const notFoundRetries = 2;

/** Error codes for an input that is too large. */
const tooLarge = /_above_max_length$|^context_length_exceeded$/;

/** Statuses that servers send if they do not have the previous response. */
const notFoundStatuses: readonly number[] = [400, 404, 409, 410, 422];

/**
 * Whether the failure means that the server lacks the previous response, perhaps only for now. Some servers omit the
 * code.
 */
function isNotFound({ previousResponseId }: RunState, failure: HttpFailure): boolean {
  const { code, message, param, status } = failure;
  if (!notFoundStatuses.includes(status)) return false;
  if (code === 'previous_response_not_found') return true;
  const isUnknown = /not found|(?:not|n't) exist|unknown|expired|no longer|no deployment|invalid/i.test(
    message,
  );
  const namesIt =
    param === 'previous_response_id' ||
    /previous.response/i.test(message) ||
    (previousResponseId !== null && message.includes(previousResponseId));
  // `unsupported_parameter` means that a retention policy forbids chaining, so waiting does not help.
  return isUnknown && namesIt && code !== 'unsupported_parameter';
}

/**
 * Returns how to continue if the server refused to chain:
 *
 * - `other_id`: the previous response has a second id.
 * - `later`: the server may not have the previous response yet.
 * - `replay`: the whole conversation can be sent instead.
 *
 * Azure loses the calls of a previous background response, and servers under a retention policy do not keep responses.
 * Both answer with a 400 about the input or the previous response.
 */
export function judgeChain(
  state: RunState,
  phase: Creating,
  failure: Failure,
): 'other_id' | 'later' | 'replay' | undefined {
  if (state.strategy !== 'chain' || failure.kind !== 'http' || failure.sender !== 'api') return undefined;
  const { param, code, status } = failure;
  // A replay is larger than the chained request, so the API would refuse it too.
  if (tooLarge.test(code ?? '')) return undefined;
  const aboutChain =
    param === null || param === 'previous_response_id' || param === 'input' || param.startsWith('input[');
  if (isNotFound(state, failure)) {
    if (state.otherPreviousId !== null) return 'other_id';
    if (phase.chainTries < notFoundRetries) return 'later';
  } else if (status !== 400 || !aboutChain) {
    return undefined;
  }
  return state.policy.continuation === 'auto' ? 'replay' : undefined;
}

/** Whether the server states that the response continues from another one. */
export function isChained({ previousResponseId }: Response): boolean {
  return typeof previousResponseId === 'string';
}

/**
 * Whether the server ignored the chain: a snapshot of the response has an explicit null as the previous response. Any
 * snapshot may show this. The null does not count if an earlier snapshot of the same response named one.
 */
export function isChainIgnored(
  { strategy, previousResponseId: sent, phase }: RunState,
  { previousResponseId }: Response,
): boolean {
  const isKnown = phase.type === 'waiting' && phase.chained;
  return strategy === 'chain' && sent !== null && previousResponseId === null && !isKnown;
}

/**
 * Discards a response whose chain the server ignored. The model saw only the new items, so its answer is meaningless
 * (Ollama, vllm 43244) and its calls are not executed.
 */
export function chainIgnored(step: Step, response: Response): void {
  const { policy } = step.state;
  const message = `The server ignored "previous_response_id" in response ${response.id}`;
  // The discarded response was paid for.
  step.set({ usage: addUsage(step.state.usage, readUsage(response.usage)) });
  step.perform({ type: 'abort_request' });
  if (!isTerminal(response.status)) step.perform({ type: 'cancel_other', responseId: response.id });
  step.setAttempt({ status: isTerminal(response.status) ? response.status : 'cancelled' });
  if (policy.continuation !== 'auto') {
    const error = { code: 'chain_ignored', message: `${message}. Use \`continuation: 'replay'\`.` };
    return endRun(step, { status: 'failed', error });
  }
  step.warn('replay', `${message}. The run discards that response, and now sends the whole conversation.`);
  step.set({ strategy: 'replay' });
  // Send the create in a later step. Events of the abandoned stream that have already arrived must not answer it.
  beginAttempt(step, { retryAt: step.time });
}
