import { expect, test } from 'vitest';
import { verdict } from './verdict.ts';

const unit = { task: '//#check:test', passed: 5, failed: 0, skipped: 0 };
const e2e = { task: '//#check:e2e', passed: 2, failed: 0, skipped: 0 };
const green = [unit, e2e];

test('passes when every test and every other check passed', () => {
  expect(verdict(green, [], 0)).toEqual({ failedChecks: [], passed: true, line: '7 passed, 0 failed' });
});

test('skipped tests are counted, and are not failures', () => {
  expect(verdict([{ ...unit, skipped: 2 }, e2e], [], 0)).toMatchObject({
    passed: true,
    line: '7 passed, 0 failed, 2 skipped',
  });
});

test('each failed check that is not a test counts as one failure', () => {
  expect(verdict(green, ['//#check:lint', '@longhaul/core#build'], 1)).toEqual({
    failedChecks: ['//#check:lint', '@longhaul/core#build'],
    passed: false,
    line: '7 passed, 2 failed',
  });
});

test('failed tests are counted individually, and their run is not counted again', () => {
  expect(verdict([{ ...unit, failed: 3 }, e2e], ['//#check:test'], 1).line).toBe('7 passed, 3 failed');
});

test('a test run that failed without a failed test counts as one failure, even if the other run passed', () => {
  expect(verdict(green, ['//#check:test'], 1)).toMatchObject({ passed: false, line: '7 passed, 1 failed' });
  expect(verdict([{ ...unit, failed: 3 }, e2e], ['//#check:test', '//#check:e2e'], 1)).toMatchObject({
    failedChecks: ['//#check:e2e'],
    line: '7 passed, 4 failed',
  });
});

test('a run without any test fails', () => {
  expect(verdict([{ ...unit, passed: 0 }, e2e], [], 0)).toMatchObject({
    passed: false,
    line: '2 passed, 1 failed',
  });
  expect(verdict([unit, { ...e2e, passed: 0 }], [], 0)).toMatchObject({
    passed: false,
    line: '5 passed, 1 failed',
  });
});

test('a run whose tests all need a missing browser fails only if its task fails', () => {
  const withoutBrowser = [unit, { ...e2e, passed: 0, skipped: 2 }];
  expect(verdict(withoutBrowser, [], 0)).toMatchObject({
    passed: true,
    line: '5 passed, 0 failed, 2 skipped',
  });
  expect(verdict(withoutBrowser, ['//#check:e2e'], 1).line).toBe('5 passed, 1 failed, 2 skipped');
});

test('turbo that fails without a failed task counts as one failure', () => {
  expect(verdict(green, [], 1)).toMatchObject({ passed: false, line: '7 passed, 1 failed' });
});
