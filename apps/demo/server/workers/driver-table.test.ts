import { expect, test } from 'vitest';
import { drivingOf, type DrivingRow } from './driver-table.ts';

const workers = [
  { number: 1, pid: 11 },
  { number: 2, pid: null },
];
const row: DrivingRow = {
  runId: 'run',
  isParked: false,
  isHalted: false,
  isFetched: true,
  worker: 1,
  pid: 11,
};

test.each<[string, Partial<DrivingRow>, string]>([
  ['whose worker runs is driven by it', {}, 'driven'],
  ['whose worker is stopped is lost', { worker: 2, pid: 22 }, 'lost'],
  ['whose worker was started again since is lost', { pid: 10 }, 'lost'],
  ['whose worker is not known is lost', { worker: 3 }, 'lost'],
  ['that no worker has fetched is queued, although one drove it before', { isFetched: false }, 'queued'],
  ['that no worker has driven is queued', { worker: null, pid: null }, 'queued'],
  ['that is parked has no driver, although one drove it before', { isParked: true }, 'parked'],
  ['that is halted is not parked', { isHalted: true, isParked: true }, 'halted'],
])('a run %s', (_what, change, state) => {
  const driving = drivingOf({ ...row, ...change }, workers);
  expect(driving).toMatchObject({ runId: 'run', state });
  const { worker = row.worker } = change;
  expect('worker' in driving ? driving.worker : null).toBe(
    state === 'driven' || state === 'lost' ? worker : null,
  );
});
