import { expect, test } from 'vitest';
import { verdict } from './verdict.ts';

const green = { passed: 7, failed: 0, skipped: 0 };

test('passes when every test and every other check passed', () => {
  expect(verdict(green, [], 0)).toEqual({ failedChecks: [], passed: true, line: '7 passed, 0 failed' });
});

test('skipped tests are named and do not fail', () => {
  expect(verdict({ ...green, skipped: 2 }, [], 0)).toMatchObject({
    passed: true,
    line: '7 passed, 0 failed, 2 skipped',
  });
});

test('each failed check that is not a test is one failure', () => {
  expect(verdict(green, ['//#check:lint', '@longhaul/core#build'], 1)).toEqual({
    failedChecks: ['//#check:lint', '@longhaul/core#build'],
    passed: false,
    line: '7 passed, 2 failed',
  });
});

test('failed tests are counted one by one, and not once more for their run', () => {
  expect(verdict({ ...green, failed: 3 }, ['//#check:test'], 1).line).toBe('7 passed, 3 failed');
});

test('a test run that failed without a failed test is one failure', () => {
  expect(verdict(green, ['//#check:test'], 1)).toMatchObject({ passed: false, line: '7 passed, 1 failed' });
});

test('a run without any test fails', () => {
  expect(verdict({ passed: 0, failed: 0, skipped: 0 }, [], 0)).toMatchObject({
    passed: false,
    line: '0 passed, 1 failed',
  });
});

test('a turbo that failed without running a task is one failure', () => {
  expect(verdict(green, [], 1)).toMatchObject({ passed: false, line: '7 passed, 1 failed' });
});
