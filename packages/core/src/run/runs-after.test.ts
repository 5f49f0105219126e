import fc from 'fast-check';
import { expect, test } from 'vitest';
import { runsAfter } from './runs-after.ts';

interface Placed {
  readonly runId: string;
  readonly continues?: string;
}

function placed(runId: string, continues?: string): Placed {
  return continues === undefined ? { runId } : { runId, continues };
}

const idsOf = (runs: readonly Placed[]): string[] => runs.map(({ runId }) => runId);

test('has the runs of all branches after a run, and no others', () => {
  const runs = [
    placed('d', 'b'),
    placed('root'),
    placed('b', 'a'),
    placed('a', 'root'),
    placed('c', 'a'),
    placed('other', 'root'),
    placed('foreign', 'elsewhere'),
  ];
  expect(idsOf(runsAfter('a', runs))).toEqual(['b', 'c', 'd']);
  expect(idsOf(runsAfter('root', runs))).toEqual(['a', 'other', 'b', 'c', 'd']);
  expect(runsAfter('d', runs)).toEqual([]);
  expect(idsOf(runsAfter('elsewhere', runs))).toEqual(['foreign']);
});

test('ends for runs that continue each other or themselves, and for repeated ids', () => {
  const runs = [placed('a', 'b'), placed('b', 'a'), placed('c', 'c'), placed('d', 'b'), placed('d', 'a')];
  expect(idsOf(runsAfter('a', runs))).toEqual(['b', 'd']);
  expect(idsOf(runsAfter('b', runs))).toEqual(['a', 'd']);
  expect(runsAfter('c', runs)).toEqual([]);
});

test('ends for ten thousand runs that continue each other', () => {
  const runs = Array.from({ length: 10_000 }, (_, index) => placed(`run-${index}`, `run-${index - 1}`));
  expect(runsAfter('run-0', runs)).toHaveLength(9_999);
});

test('a run never comes before the run that it continues, so the reverse order deletes each run before its predecessor', () => {
  const id = fc.integer({ min: 0, max: 12 }).map(String);
  const tree = fc.array(fc.record({ runId: id, continues: id }), { maxLength: 30 });
  fc.assert(
    fc.property(id, tree, (root, runs) => {
      const after = runsAfter(root, runs);
      const ids = idsOf(after);
      expect(new Set(ids).size).toBe(ids.length);
      expect(ids).not.toContain(root);
      for (const [index, { continues }] of after.entries())
        expect([root, ...ids.slice(0, index)]).toContain(continues);
    }),
  );
});
