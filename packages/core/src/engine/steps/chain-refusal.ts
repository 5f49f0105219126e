import type { Failure, HttpFailure } from '../policy/failure.ts';
import type { Creating, RunState } from '../run-state.ts';

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
