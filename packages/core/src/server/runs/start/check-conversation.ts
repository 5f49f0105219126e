import { isTerminalRun } from '../../../engine/view/run-view.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, invalidRequest, noSuchRun, unavailable } from '../refusals.ts';
import { withinTime } from '../within-time.ts';
import type { StartRequest } from './start-body.ts';

/**
 * Checks the conversation that a new run would be a part of. Only a run that the visitor may read, and that has ended,
 * can be continued. A thread belongs to the owner of its first run. The thread of another owner is refused like a run
 * that does not exist.
 */
export async function checkConversation<P extends Principal>(
  { access, config }: HandlerParts<P>,
  { principal, owner }: Visit<P>,
  { runId, continueFrom, threadId }: Pick<StartRequest, 'runId' | 'continueFrom' | 'threadId'>,
): Promise<void> {
  if (continueFrom !== undefined) {
    await access.use(principal, continueFrom, 'read', ({ view }) => {
      if (!isTerminalRun(view.status))
        throw conflict(
          `\`continueFrom\`: the run is ${view.status}. Only a run that has ended can be continued.`,
        );
      if (threadId !== undefined && threadId !== view.threadId)
        throw invalidRequest('`threadId` must be the thread of the run that `continueFrom` names.');
    });
  } else {
    // The id of a first run is also the id of its thread, which may have runs of another owner.
    const listed = await withinTime(config.clock, config.runner.listThreadRuns(threadId ?? runId));
    if (listed === undefined) throw unavailable();
    const [first] = listed.value;
    if (first !== undefined && first.owner !== owner) throw noSuchRun();
  }
}
