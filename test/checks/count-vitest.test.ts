import { expect, test } from 'vitest';
import { countVitest } from './count-vitest.ts';

const report = {
  numPassedTests: 5,
  numFailedTests: 1,
  numPendingTests: 2,
  numTodoTests: 1,
  testResults: [
    { status: 'passed', assertionResults: [{}] },
    { status: 'failed', assertionResults: [{}] },
  ],
};

test('skipped and planned tests do not count as passed', () => {
  expect(countVitest(report)).toEqual({ passed: 5, failed: 1, skipped: 3 });
});

test('a test file that does not load counts as one failure, although none of its tests ran', () => {
  const testResults = [...report.testResults, { status: 'failed', assertionResults: [] }];
  expect(countVitest({ ...report, testResults }).failed).toBe(2);
});

test('without a report, no test has run', () => {
  expect(countVitest(undefined)).toEqual({ passed: 0, failed: 0, skipped: 0 });
});
