import type { Failure, HttpFailure } from '../policy/failure.ts';
import type { Creating, RunState } from '../run-state.ts';
import { isTerminal, type Response } from '../../wire/response.ts';
import { addUsage, readUsage } from '../../wire/read-usage.ts';
import type { Step } from '../step.ts';
import { beginAttempt } from './begin-iteration.ts';
import { endRun } from './end-run.ts';

const triesWhileNotFound = 2;

/** Codes for an input that is too large as it is. */
const tooLarge = /_above_max_length$|^context_length_exceeded$/;

/** Statuses by which servers refuse a previous response that they do not know. */
const notFoundStatuses: readonly number[] = [400, 404, 409, 410, 422];

/** Whether the server does not know the previous response (yet). The code is missing on some servers. */
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
  // Under a retention policy it is there, and may not be used: waiting does not help.
  return isUnknown && namesIt && code !== 'unsupported_parameter';
}

/**
 * Whether a refused create was refused for its chaining: `other_id` where the previous response has a second id, `later`
 * where it may still turn up, `replay` where the whole conversation can be sent instead. Azure loses the calls of a
 * background predecessor, servers under a retention policy keep no responses: both say so with 400 about the input or
 * the previous response.
 */
export function judgeChain(
  state: RunState,
  phase: Creating,
  failure: Failure,
): 'other_id' | 'later' | 'replay' | undefined {
  if (state.strategy !== 'chain' || failure.kind !== 'http' || failure.sender !== 'api') return undefined;
  const { param, code, status } = failure;
  // A replay is larger still: the same text would be uploaded twice to be refused twice.
  if (tooLarge.test(code ?? '')) return undefined;
  const aboutChain =
    param === null || param === 'previous_response_id' || param === 'input' || param.startsWith('input[');
  if (isNotFound(state, failure)) {
    if (state.otherPreviousId !== null) return 'other_id';
    if (phase.chainTries < triesWhileNotFound) return 'later';
  } else if (status !== 400 || !aboutChain) {
    return undefined;
  }
  return state.policy.continuation === 'auto' ? 'replay' : undefined;
}

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
