import type { TestCounts } from './count-vitest.ts';

export type Verdict = {
  /** Checks other than tests that failed, by the name of their turbo task. */
  readonly failedChecks: readonly string[];
  readonly passed: boolean;
  /** `N passed, N failed`, with `, N skipped` where something was. */
  readonly line: string;
};

/** The turbo task that runs the tests. */
const testTask = '//#check:test';

/** Counts each failed test and each other failed check as one failure. */
export function verdict(tests: TestCounts, failedTasks: readonly string[], turboCode: number): Verdict {
  const failedChecks = failedTasks.filter((task) => task !== testTask);
  // A test run can fail without a failed test: an unhandled rejection, a missing browser, a run that was stopped
  // before it wrote its report.
  if (tests.failed === 0 && (failedTasks.includes(testTask) || tests.passed === 0))
    failedChecks.push(testTask);
  // Turbo itself may fail without a task to blame.
  if (turboCode !== 0 && failedTasks.length === 0) failedChecks.push('turbo');

  const failed = tests.failed + failedChecks.length;
  const skipped = tests.skipped > 0 ? `, ${tests.skipped} skipped` : '';
  return {
    failedChecks,
    passed: failed === 0 && turboCode === 0,
    line: `${tests.passed} passed, ${failed} failed${skipped}`,
  };
}
