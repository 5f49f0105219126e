import { isTerminalRun } from '../../../engine/view/run-view.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, hasCode, unavailable } from '../refusals.ts';
import { withinTime } from '../within-time.ts';

function active(status: string): Error {
  return conflict(`The run is ${status}. Cancel it before you delete it.`, 'run_active');
}

/** Deletes a run that has ended. */
export async function deleteRun<P extends Principal>(
  { access, config, lists }: HandlerParts<P>,
  { principal }: Visit<P>,
  runId: string,
): Promise<Response> {
  return access.use(principal, runId, 'delete', async (run) => {
    if (!isTerminalRun(run.view.status)) throw active(run.view.status);
    try {
      const deleted = await withinTime(
        config.clock,
        config.runner.delete(runId).then(() => true),
      );
      if (deleted === undefined) throw unavailable();
    } catch (error) {
      // The run was deleted, and another run has its id now.
      if (hasCode(error, 'run_active')) throw active('active');
      throw error;
    }
    if (run.owner !== undefined) lists.changed(run.owner);
    return new Response(null, { status: 204 });
  });
}
