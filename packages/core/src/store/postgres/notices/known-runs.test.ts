import { expect, test } from 'vitest';
import type { RunLook } from '../../run-store.ts';
import { KnownRuns } from './known-runs.ts';

function look(runId: string, changed: Partial<RunLook> = {}): RunLook {
  return { runId, revision: 1, commitId: 'c1', claimed: true, posted: false, ...changed };
}

function read(...runIds: string[]): KnownRuns {
  const known = new KnownRuns();
  known.read(runIds, 0);
  return known;
}

test('a run is known for a minute after it was read', () => {
  const known = read('a', 'b');
  known.read(['a'], 50_000);
  expect(known.current(60_000)).toEqual(['b', 'a']);
  expect(known.current(60_001)).toEqual(['a']);
  expect(known.current(110_001)).toEqual([]);
});

test('the first query reports each run as saved, and later ones only those that have changed', () => {
  const known = read('a', 'b');
  const saved = (runId: string): unknown => ({ type: 'saved', runId });
  expect(known.changes([look('a'), look('b')])).toEqual([saved('a'), saved('b')]);
  expect(known.changes([look('a'), look('b', { commitId: 'c2' })])).toEqual([saved('b')]);
  expect(known.changes([look('a'), look('b', { commitId: 'c2' })])).toEqual([]);
  known.forgetLooks();
  expect(known.changes([look('a')])).toEqual([saved('a')]);
});

test('a claim that is free is reported once, and messages are reported until they are gone', () => {
  const known = read('a');
  known.changes([look('a')]);
  const free = look('a', { claimed: false, posted: true });
  const posted = { type: 'posted', runId: 'a' };
  expect(known.changes([free])).toEqual([posted, { type: 'released', runId: 'a' }]);
  expect(known.changes([free])).toEqual([posted]);
  expect(known.changes([look('a')])).toEqual([]);
});

test('runs that were not read are not reported', () => {
  expect(read('a').changes([look('b')])).toEqual([]);
});
