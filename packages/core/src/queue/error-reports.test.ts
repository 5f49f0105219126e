import { expect, onTestFinished, test, vi } from 'vitest';
import { StoreError } from '../errors/store-error.ts';
import { ErrorReports } from './error-reports.ts';

test('an error is printed with its cause, which names the host, and again after ten seconds', () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue();
  onTestFinished(() => warn.mockRestore());
  let now = 0;
  const reports = new ErrorReports(undefined, () => now);
  const cause = new Error('connect ECONNREFUSED 127.0.0.1:5432');
  const error = new StoreError('unavailable', 'The server cannot be reached.', { cause });
  reports.report(error);
  now = 9_999;
  reports.report(error);
  const text = 'A worker of the queue: The server cannot be reached. connect ECONNREFUSED 127.0.0.1:5432';
  expect(warn.mock.calls).toEqual([[text]]);
  now = 10_000;
  reports.report(error);
  expect(warn.mock.calls).toEqual([[text], [text]]);
});
