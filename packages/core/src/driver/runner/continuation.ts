import type { Agent } from '../../agent/define-agent.ts';
import { continuationOf } from '../../engine/continuation-of.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { checkThread } from './start-options.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';

/**
 * The conversation of a terminal run, for a run that continues it.
 *
 * @param threadId The thread that the new run was given, if any
 * @throws ConfigurationError if there is no such run, if it has not ended, or if it belongs to another thread
 */
export function continuationFrom(
  runId: string,
  stored: RunSnapshot | undefined,
  agent: Agent,
  threadId?: string,
): Continuation {
  if (stored === undefined)
    throw new ConfigurationError(`continueFrom: there is no run ${JSON.stringify(runId)} in the store.`);
  const { head, items } = stored;
  if (!isTerminalRun(head.status)) {
    throw new ConfigurationError(
      `continueFrom: run ${runId} is ${head.status}. Only a run that has ended can be continued.`,
    );
  }
  checkThread(runId, head.threadId ?? runId, threadId);
  return continuationOf(head, items, agent.spec.tools);
}
