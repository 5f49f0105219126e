import { isTerminalRun } from '../../../engine/view/run-view.ts';
import { LonghaulError } from '../../../errors/longhaul-error.ts';
import type { DrivingDeleteOptions } from '../../../run/driving-runner.ts';
import type { Principal } from '../../principal.ts';
import { Refusal } from '../../refusal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { conflict, invalidRequest, unavailable } from '../refusals.ts';
import { checkQuery } from '../request-body.ts';
import { withinTime } from '../within-time.ts';

/** The text of a run that is continued has no number and no ids: other visitors may have continued it. */
const successors =
  'Other runs continue this run. Delete them first, or delete the branch with `branch=true`.';
const foreignSuccessors = 'Other runs continue this run, and you may not delete all of them.';

function readFlag(query: URLSearchParams, name: string): boolean {
  const value = query.get(name) ?? 'false';
  if (value === 'true' || value === 'false') return value === 'true';
  throw invalidRequest(`\`${name}\` must be true or false.`);
}

function active(status: string, code: string): Refusal {
  return conflict(`The run is ${status}. Cancel it before you delete it.`, code);
}

/** The refusal for an error of the runner. Its texts name runs and responses that the visitor may not know. */
function refusalOf(error: unknown, report: (error: unknown) => void): unknown {
  if (error instanceof Refusal || !LonghaulError.isInstance(error)) return error;
  switch (error.code) {
    case 'has_successors':
      return conflict(successors, error.code);
    case 'active':
      // Each run of the branch was checked, so the visitor may know which one is active.
      return conflict(error.message, error.code);
    case 'run_active':
      // The run was deleted, and another run has its id now.
      return active('active', error.code);
    case 'delete_failed': {
      report(error);
      const message = 'The API did not delete all responses, so no run is deleted. Send the request again.';
      return new Refusal(502, error.code, message);
    }
    default:
      return error;
  }
}

/**
 * Deletes a run that has ended. `branch=true` also deletes the runs after it, and `responses=true` the responses at the
 * API. A branch with a run that the visitor may not delete is refused like a run that is continued. The answer does not
 * state which run that is, how many there are, or whether they are active.
 */
export async function deleteRun<P extends Principal>(
  { access, config, lists }: HandlerParts<P>,
  { principal, url, report }: Visit<P>,
  runId: string,
): Promise<Response> {
  checkQuery(url.searchParams, ['branch', 'responses']);
  const branch = readFlag(url.searchParams, 'branch');
  const responses = readFlag(url.searchParams, 'responses');
  return access.use(principal, runId, 'delete', async (run) => {
    if (!isTerminalRun(run.view.status)) throw active(run.view.status, branch ? 'active' : 'run_active');
    const owners = new Set([run.owner]);
    const check: DrivingDeleteOptions['check'] = async ({ owner, runId: id, agent }) => {
      if (!(await access.may(principal, { owner, runId: id, agent }, 'delete')))
        throw conflict(foreignSuccessors, 'has_successors');
      owners.add(owner);
    };
    const deleting = config.runner.delete(runId, { branch, responses, check }).finally(() => {
      for (const owner of owners) if (owner !== undefined) lists.changed(owner);
    });
    try {
      const deleted = await withinTime(
        config.clock,
        deleting.then(() => true),
      );
      if (deleted === undefined) {
        deleting.catch(report);
        throw unavailable();
      }
    } catch (error) {
      throw refusalOf(error, report);
    }
    return new Response(null, { status: 204 });
  });
}
