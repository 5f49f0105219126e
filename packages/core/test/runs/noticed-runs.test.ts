import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';

test('a list is read again when another process starts a run, and when that run ends', async () => {
  const s = scenario();
  let calls = 0;
  s.reboot().subscribe(() => (calls += 1));
  const run = s.start();
  await s.quiet();
  expect(calls).toBe(1);
  // Later saves of the run change no list.
  await s.clock.advance(15_000);
  expect(calls).toBe(1);
  await s.settle(run.result());
  await s.quiet();
  expect(calls).toBe(2);
});

test('a finished run that another process deletes is removed from the runner', async () => {
  const s = scenario();
  const run = s.start();
  await s.settle(run.result());
  let calls = 0;
  s.runner.subscribe(() => (calls += 1));
  await s.settle(s.reboot().delete(run.id));
  await s.quiet();
  expect(s.runner.get(run.id)).toBeUndefined();
  expect(calls).toBe(1);
});
