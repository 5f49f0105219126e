import type { Agent } from '../../agent/define-agent.ts';
import { continuationOf, unreadBefore } from '../../engine/continuation-of.ts';
import type { Continuation } from '../../engine/engine-event.ts';
import { checkThread } from './start-options.ts';
import { isTerminalRun } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';

/**
 * The conversation of a terminal run, for a run that continues it. A run that ended before it had loaded the run before
 * it has only its own input, so that run is loaded too.
 *
 * @param threadId The thread that the new run was given, if any
 * @param seen The runs that are loaded already
 * @throws ConfigurationError if there is no such run, if it has not ended, or if it belongs to another thread
 */
export async function continuationFrom(
  runId: string,
  load: (runId: string) => Promise<RunSnapshot | undefined>,
  agent: Agent,
  threadId?: string,
  seen: readonly string[] = [],
): Promise<Continuation> {
  const stored = seen.includes(runId) ? undefined : await load(runId);
  if (stored === undefined)
    throw new ConfigurationError(`continueFrom: there is no run ${JSON.stringify(runId)} in the store.`);
  const { head, items } = stored;
  if (!isTerminalRun(head.status)) {
    throw new ConfigurationError(
      `continueFrom: run ${runId} is ${head.status}. Only a run that has ended can be continued.`,
    );
  }
  checkThread(runId, head.threadId ?? runId, threadId);
  const unread = unreadBefore(head, items);
  const before =
    unread === undefined
      ? undefined
      : await continuationFrom(unread, load, agent, undefined, [...seen, runId]);
  return continuationOf(head, items, agent.spec.tools, before);
}
