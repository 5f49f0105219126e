import type { TestCounts } from './count-vitest.ts';

/** What a turbo task that runs tests counted. */
export interface TestRun extends TestCounts {
  readonly task: string;
}

export type Verdict = {
  /** Checks that failed by their own, not by a failed test, by the name of their turbo task. */
  readonly failedChecks: readonly string[];
  readonly passed: boolean;
  /** `N passed, N failed`, with `, N skipped` where something was. */
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
  // Turbo itself may fail without a task to blame.
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
