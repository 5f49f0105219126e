import { readFileSync } from 'node:fs';
import * as z from 'zod';
import { skippedBrowserFiles, vitestReport } from './places.ts';

const report = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  testResults: z.array(z.object({ status: z.string(), assertionResults: z.array(z.unknown()) })),
});

export type Counts = { passed: number; failed: number; skipped: number };

/** What the JSON report of a vitest run counts; nothing where the run left none. */
export function countVitest(): Counts {
  const text = readIfThere(vitestReport);
  if (text === undefined) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, testResults } = report.parse(
    JSON.parse(text),
  );
  // A file that cannot be loaded fails without a test of its own.
  const brokenFiles = testResults.filter(
    (file) => file.status === 'failed' && file.assertionResults.length === 0,
  );
  const leftOut = z.array(z.string()).parse(JSON.parse(readIfThere(skippedBrowserFiles) ?? '[]'));
  return {
    passed: numPassedTests,
    failed: numFailedTests + brokenFiles.length,
    skipped: numPendingTests + numTodoTests + leftOut.length,
  };
}

function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
