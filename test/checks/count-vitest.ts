import * as z from 'zod';

const reportShape = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export type TestCounts = { passed: number; failed: number; skipped: number };

/** Counts the tests of vitest's JSON report. Without a report (`undefined`), no test has run. */
export function countVitest(report: unknown): TestCounts {
  if (report === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } =
    reportShape.parse(report);
  // A file that cannot be loaded has no tests, and vitest counts only tests.
  const brokenFiles = testResults.filter(
    ({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0,
  );
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests,
  };
}
