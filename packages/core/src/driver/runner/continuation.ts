import type { Agent } from '../../agent/define-agent.ts';
import { continuationOf } from '../../engine/conversation.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';

/**
 * The conversation of a terminal run, for a run that continues it.
 *
 * @throws ConfigurationError if there is no such run, or if it has not ended
 */
export function continuationFrom(runId: string, stored: RunSnapshot | undefined, agent: Agent): Continuation {
  if (stored === undefined)
    throw new ConfigurationError(`continueFrom: there is no run ${JSON.stringify(runId)} in the store.`);
  const { head, items } = stored;
  if (!isTerminalRun(head.status)) {
    throw new ConfigurationError(
      `continueFrom: run ${runId} is ${head.status}. Only a run that has ended can be continued.`,
    );
  }
  return continuationOf(head, items, agent.spec.tools);
}
