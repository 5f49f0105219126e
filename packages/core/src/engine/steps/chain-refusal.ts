import { errorOf, type Failure } from '../policy/failure.ts';
import type { Creating, RunState } from '../run-state.ts';

const triesWhileNotFound = 2;

/** Codes for an input that is too large as it is. */
const tooLarge = /_above_max_length$|^context_length_exceeded$/;

/** Whether the server does not know the previous response (yet). The code is missing on some servers. */
function isNotFound(failure: Failure): boolean {
  const { code, message } = errorOf(failure);
  return (
    code === 'previous_response_not_found' ||
    /previous.response.*not found|invalid `previous_response_id`/i.test(message)
  );
}

/**
 * Whether a refused create was refused for its chaining: `other_id` where the previous response has a second id, `later`
 * where it may still turn up, `replay` where the whole conversation can be sent instead. Azure loses the calls of a background predecessor, servers
 * under a retention policy keep no responses: both say so with 400 about the input or the previous response.
 */
export function judgeChain(
  state: RunState,
  phase: Creating,
  failure: Failure,
): 'other_id' | 'later' | 'replay' | undefined {
  if (state.strategy !== 'chain' || failure.kind !== 'http' || failure.sender !== 'api') return undefined;
  // Gateways answer a previous response that they do not know with 404 as well.
  if (failure.status !== 400 && !(failure.status === 404 && isNotFound(failure))) return undefined;
  const { param, code } = failure;
  // A replay is larger still: the same text would be uploaded twice to be refused twice.
  if (tooLarge.test(code ?? '')) return undefined;
  const aboutChain =
    param === null || param === 'previous_response_id' || param === 'input' || param.startsWith('input[');
  if (isNotFound(failure)) {
    if (state.otherPreviousId !== null) return 'other_id';
    if (phase.chainTries < triesWhileNotFound) return 'later';
  } else if (!aboutChain) {
    return undefined;
  }
  return state.policy.continuation === 'auto' ? 'replay' : undefined;
}
