import { expect, test } from 'vitest';
import { drivingText, waitingText } from './driving-text.ts';
import type { RunDriving, WorkerList } from './worker-list.ts';

const both: WorkerList['workers'] = [
  { number: 1, isRunning: true },
  { number: 2, isRunning: true },
];
const none = both.map(({ number }) => ({ number, isRunning: false }));

function textOf(run: RunDriving, workers = both): string | undefined {
  return drivingText({ workers, runs: [run] }, 'run')?.text;
}

test('the status of a run names its worker', () => {
  expect(textOf({ runId: 'run', state: 'driven', worker: 2 })).toBe('Worker 2');
  expect(textOf({ runId: 'run', state: 'parked' })).toBe('Waits without a process');
  expect(textOf({ runId: 'other', state: 'parked' })).toBeUndefined();
});

test('another worker takes over a run only if one runs', () => {
  const lost: RunDriving = { runId: 'run', state: 'lost', worker: 1 };
  expect(textOf(lost)).toBe('Worker 1 was stopped. Another one takes over');
  expect(textOf(lost, none)).toBe('Worker 1 was stopped');
  expect(textOf({ runId: 'run', state: 'queued' })).toBe('Waits for a worker');
  expect(textOf({ runId: 'run', state: 'queued' }, none)).toBeUndefined();
});

test('the list counts the runs that no worker drives', () => {
  const parked: RunDriving = { runId: 'a', state: 'parked' };
  const lost: RunDriving = { runId: 'b', state: 'lost', worker: 1 };
  const driven: RunDriving = { runId: 'c', state: 'driven', worker: 2 };
  expect(waitingText({ workers: both, runs: [driven] })).toBeUndefined();
  expect(waitingText({ workers: both, runs: [driven, parked] })).toBe('1 run waits without a process.');
  expect(waitingText({ workers: both, runs: [parked, parked, lost] })).toBe(
    '2 runs wait without a process, 1 run waits for a worker.',
  );
});
