import type { RunStatus } from '../../../engine/view/run-view.ts';
import type { RunSummary } from '../../../run/runner.ts';

/** The runs in a visitor's list with the statuses that this process knows. */
export class ListedStatuses {
  readonly #statuses = new Map<string, RunStatus>();
  /** The runs of the last query. Undefined before the first one. */
  #listed: ReadonlySet<string> | undefined;

  /** Whether the status of this run is known. */
  has(runId: string): boolean {
    return this.#statuses.has(runId);
  }

  /** Records the status of a run. Returns whether the list has changed. */
  record(runId: string, status: RunStatus): boolean {
    const isNew = this.#statuses.get(runId) !== status;
    this.#statuses.set(runId, status);
    return isNew;
  }

  /** Records the newest runs of the store. Returns whether the list has changed since the last query. */
  replace(listed: readonly Pick<RunSummary, 'runId' | 'status'>[]): boolean {
    const before = this.#listed;
    const now = new Set(listed.map(({ runId }) => runId));
    this.#listed = now;
    let isChanged = false;
    for (const { runId, status } of listed) if (this.record(runId, status)) isChanged = true;
    for (const runId of before ?? []) {
      if (now.has(runId)) continue;
      this.#statuses.delete(runId);
      isChanged = true;
    }
    // The first query only shows from what the list changes.
    return isChanged && before !== undefined;
  }
}
