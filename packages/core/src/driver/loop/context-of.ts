import type { RunState } from '../../engine/run-state.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { StoreError } from '../../errors/store-error.ts';
import { missingContext, type ContextFunction } from '../context-function.ts';
import { checkContext } from './check-context.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { boundedCall } from '../saved/bounded-store.ts';
import { retryStore } from '../saved/retry-store.ts';

/**
 * The context for the tools of a run, from the runner's function. The function is called again for a minute while it
 * throws or does not answer, like a store that is unavailable.
 *
 * @throws LonghaulError `context_missing` if a run that was started with a context has none now, `context_failed` if
 * the function has failed for a minute
 */
export async function contextOf(
  ports: LoopPorts,
  state: RunState,
  provide: ContextFunction | undefined,
  givenUp: AbortSignal,
): Promise<unknown> {
  checkContext(state, undefined, provide);
  if (provide === undefined) return undefined;
  const { runId, agent, owner, metadata, untrusted = {}, context } = state;
  const ask = async (): Promise<unknown> => {
    try {
      const given = Promise.resolve(provide({ runId, agent, owner, metadata, untrusted }));
      return await boundedCall(ports.clock, given);
    } catch (error) {
      throw new StoreError('unavailable', errorMessage(error), { cause: error });
    }
  };
  const given = await retryStore(ports, ask, givenUp).catch((error: unknown) => {
    const cause = StoreError.isInstance(error) ? error.cause : error;
    const message = `The \`context\` function of the runner failed for run ${runId}: ${errorMessage(cause)}`;
    throw new LonghaulError('context_failed', message, { cause });
  });
  if (given === undefined && context !== undefined)
    throw missingContext(runId, 'the `context` function of the runner returned undefined');
  return given;
}
