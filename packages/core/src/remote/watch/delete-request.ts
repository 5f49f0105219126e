import { LonghaulError } from '../../errors/longhaul-error.ts';
import { mustBeOptions } from '../../errors/must-be.ts';
import type { RunView } from '../../engine/view/run-view.ts';
import type { DeleteOptions } from '../../run/runner.ts';
import { runsAfter } from '../../run/runs-after.ts';
import { runPath } from './answered-view.ts';
import { errorOf, isOk, type Answer } from './server-access.ts';

/**
 * The path of the request that deletes a run.
 *
 * @throws ConfigurationError for invalid options
 */
export function deletePath(runId: string, options: DeleteOptions): string {
  mustBeOptions(options, 'delete', { branch: 'boolean', responses: 'boolean' });
  const { branch, responses } = options;
  const set = Object.entries({ branch, responses }).filter(([, value]) => value === true);
  const query = set.map(([name]) => `${name}=true`).join('&');
  return runPath(runId) + (query === '' ? '' : `?${query}`);
}

const conflicts: readonly string[] = ['has_successors', 'active', 'run_active'];

/** The error of an answer to that request. Undefined if the run is deleted; a repeated request finds no run. */
export function deleteError(answer: Answer, runId: string): LonghaulError | undefined {
  if (isOk(answer) || answer.status === 404) return undefined;
  const error = errorOf(answer, runId);
  if (answer.status !== 409 || conflicts.includes(error.code)) return error;
  return new LonghaulError('run_active', error.message);
}

/** The runs of a page that are after a deleted run, by their ids. */
export interface DeletedRuns {
  readonly deleted: readonly string[];
  /** Runs of the conversation that may be deleted too: the page does not have the run that they continue. */
  readonly unknown: readonly string[];
}

/** @param views The views of the page's runs, which may not be the whole conversation */
export function deletedRuns(runId: string, views: readonly RunView[]): DeletedRuns {
  const after = runsAfter(runId, views);
  const deleted = [runId, ...after.map((view) => view.runId)];
  const threadId = views.find((view) => view.runId === runId)?.threadId;
  const known = new Set(views.map((view) => view.runId));
  const unknown = views.filter(
    (view) => view.threadId === threadId && view.continues !== undefined && !known.has(view.continues),
  );
  return { deleted, unknown: unknown.map((view) => view.runId).filter((id) => !deleted.includes(id)) };
}
