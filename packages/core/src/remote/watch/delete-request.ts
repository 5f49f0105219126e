import { LonghaulError } from '../../errors/longhaul-error.ts';
import { mustBeOptions } from '../../errors/must-be.ts';
import { isTerminalRun, type RunView } from '../../engine/view/run-view.ts';
import type { DeleteOptions } from '../../run/runner.ts';
import { runsAfter } from '../../run/runs-after.ts';
import { fieldsOf, textOf } from '../../wire/json.ts';
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

/** The codes of a delete, which are those of other runners. */
const codes: readonly unknown[] = ['has_successors', 'active', 'run_active', 'delete_failed'];

/** The error of an answer to that request. Undefined if the run is deleted; a repeated request finds no run. */
export function deleteError(answer: Answer, runId: string): LonghaulError | undefined {
  if (isOk(answer) || answer.status === 404) return undefined;
  const error = errorOf(answer, runId);
  const code = textOf(fieldsOf(answer.body['error'])['code']);
  if (code !== undefined && codes.includes(code)) return new LonghaulError(code, error.message);
  return answer.status === 409 ? new LonghaulError('run_active', error.message) : error;
}

type PlacedView = Pick<RunView, 'runId' | 'threadId' | 'continues' | 'status'>;

/** The runs of a page that may be deleted with a run, by their ids. */
export interface DeletedRuns {
  readonly deleted: readonly string[];
  /**
   * Runs of the conversation that may be deleted too: the page does not have the run that they continue, or they have
   * not ended here. The page's view may be old, or the run may have started during the delete.
   */
  readonly unknown: readonly string[];
}

/** @param views The views of the page's runs, which may not be the whole conversation */
export function deletedRuns(runId: string, views: readonly PlacedView[]): DeletedRuns {
  const after = runsAfter(runId, views);
  const ended = after.filter(({ status }) => isTerminalRun(status));
  const deleted = [runId, ...ended.map((view) => view.runId)];
  const threadId = views.find((view) => view.runId === runId)?.threadId;
  const known = new Set(views.map((view) => view.runId));
  const isUnlinked = ({ threadId: other, continues }: PlacedView): boolean =>
    other === threadId && continues !== undefined && !known.has(continues);
  const unknown = views.filter((view) => isUnlinked(view) || after.includes(view));
  return { deleted, unknown: unknown.map((view) => view.runId).filter((id) => !deleted.includes(id)) };
}
