import type { RunLook, RunNotice } from '../../run-store.ts';

/**
 * The time for which a run counts as followed after the last call about it, in milliseconds. A runner looks at its runs
 * every 15 s.
 */
const knownForMs = 60_000;

interface KnownRun {
  readonly at: number;
  /** The last state that `changes` has compared. */
  readonly look: RunLook | undefined;
}

/**
 * The runs that this process has read lately. If notices may have been lost, the store queries these runs, and reports
 * their changes.
 */
export class KnownRuns {
  /** The run that was read last is the last one. */
  readonly #runs = new Map<string, KnownRun>();

  /** These runs were read. */
  read(runIds: readonly string[], nowMs: number): void {
    for (const runId of runIds) {
      const look = this.#runs.get(runId)?.look;
      this.#runs.delete(runId);
      this.#runs.set(runId, { at: nowMs, look });
    }
    for (const [runId, { at }] of this.#runs) {
      if (nowMs - at <= knownForMs) return;
      this.#runs.delete(runId);
    }
  }

  /** The ids of the runs that were read in the last minute. */
  current(nowMs: number): string[] {
    this.read([], nowMs);
    return [...this.#runs.keys()];
  }

  /** From now on, notices may be lost, so the next call of `changes` reports all runs. */
  forgetLooks(): void {
    for (const [runId, { at }] of this.#runs) this.#runs.set(runId, { at, look: undefined });
  }

  /** The changes since the last call, for each run that was read in the last minute. */
  changes(looks: readonly RunLook[]): RunNotice[] {
    return looks.flatMap((look) => {
      const run = this.#runs.get(look.runId);
      if (run === undefined) return [];
      this.#runs.set(look.runId, { ...run, look });
      return changesOf(look, run.look);
    });
  }
}

function changesOf({ claimed, commitId, posted, runId }: RunLook, last: RunLook | undefined): RunNotice[] {
  const types: Exclude<RunNotice['type'], 'live'>[] = [];
  if (last === undefined || last.commitId !== commitId) types.push('saved');
  // Each time, because these may be other messages than before.
  if (posted) types.push('posted');
  if (!claimed && last?.claimed !== false) types.push('released');
  return types.map((type) => ({ type, runId }));
}
