import { emptyView, type Part } from '@longhaul/core';
import { expect, test } from 'vitest';
import type { DemoView } from '../run/demo-call.ts';
import { partsOfRun, runsOfTurn } from './turn-runs.ts';

const question = [{ role: 'user', content: 'Why?' }] as const;

function run(runId: string, continues: string | undefined, input: DemoView['input']): DemoView {
  const place = continues === undefined ? {} : { continues };
  return { ...emptyView, toolCalls: [], agent: 'demo', runId, input, ...place };
}

test('a turn has the run with the question and its retries, and not the turn before it', () => {
  const runs = [run('a', undefined, question), run('b', 'a', question), run('c', 'b', []), run('d', 'c', [])];
  const idsFrom = (newest: DemoView | undefined): readonly string[] =>
    newest === undefined
      ? []
      : runsOfTurn(newest, (id) => runs.find(({ runId }) => runId === id)).map(({ runId }) => runId);
  expect(idsFrom(runs[3])).toEqual(['b', 'c', 'd']);
  expect(idsFrom(runs[1])).toEqual(['b']);
  expect(runsOfTurn(run('d', 'c', []), () => undefined).map(({ runId }) => runId)).toEqual(['d']);
});

test('runs that continue each other in a circle are each listed once', () => {
  const a = run('a', 'b', []);
  const b = run('b', 'a', []);
  expect(runsOfTurn(a, (id) => (id === 'a' ? a : b))).toEqual([b, a]);
});

test('each part belongs to one run of its turn', () => {
  const part = (key: string): Part<never> => ({
    type: 'reasoning',
    key,
    text: key,
    done: true,
    iteration: 0,
  });
  const parts = [part('0/0'), part('c/0/0'), part('d/0/0'), part('d/1/0')];
  const keys = (runId: string): readonly string[] =>
    partsOfRun(parts, ['b', 'c', 'd'], runId).map(({ key }) => key);
  expect(keys('b')).toEqual(['0/0']);
  expect(keys('c')).toEqual(['c/0/0']);
  expect(keys('d')).toEqual(['d/0/0', 'd/1/0']);
});
