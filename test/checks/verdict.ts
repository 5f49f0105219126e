import type { TestCounts } from './count-vitest.ts';

/** The counts of a turbo task that runs tests. */
export interface TestRun extends TestCounts {
  readonly task: string;
}

export type Verdict = {
  /** The turbo tasks of checks that failed without a failed test. */
  readonly failedChecks: readonly string[];
  readonly passed: boolean;
  /** `N passed, N failed`, with `, N skipped` if tests were skipped. */
  readonly line: string;
};

/** Counts each failed test and each other failed check as one failure. */
export function verdict(
  testRuns: readonly TestRun[],
  failedTasks: readonly string[],
  turboCode: number,
): Verdict {
  const failedChecks = failedTasks.filter((task) => testRuns.every((run) => run.task !== task));
  for (const run of testRuns) {
    // A test run can fail without a failed test: an unhandled rejection, a missing browser, a run that was stopped
    // before it wrote its report.
    const ranNothing = run.passed + run.skipped === 0;
    if (run.failed === 0 && (failedTasks.includes(run.task) || ranNothing)) failedChecks.push(run.task);
  }
  // Turbo itself may fail without a failed task.
  if (turboCode !== 0 && failedTasks.length === 0) failedChecks.push('turbo');

  const total = (count: (run: TestRun) => number): number =>
    testRuns.reduce((sum, run) => sum + count(run), 0);
  const failed = total((run) => run.failed) + failedChecks.length;
  const skipped = total((run) => run.skipped);
  return {
    failedChecks,
    passed: failed === 0 && turboCode === 0,
    line: `${total((run) => run.passed)} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`,
  };
}
