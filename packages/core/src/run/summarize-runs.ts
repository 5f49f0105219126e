import type { ThreadFilter, ThreadSummary } from '../store/run-store.ts';
import { summarizeThreads } from '../store/thread-lists.ts';
import type { RunSummary } from './runner.ts';

/** The conversations of these runs, in the order of `listThreads`. */
export function summarizeRuns(runs: readonly RunSummary[], filter?: ThreadFilter): ThreadSummary[] {
  const heads = runs.map((run) => ({ ...run, inputText: run.input }));
  return summarizeThreads(heads, filter);
}
