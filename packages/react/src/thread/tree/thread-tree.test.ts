import type { ThreadRun } from '@longhaul/core';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { pathOf, threadTree } from './thread-tree.ts';

let clock = 0;

/** Runs as `a`, `b<a` (continues `a`) or `c~a` (retries `a`), oldest first. */
function runs(...texts: readonly string[]): ThreadRun[] {
  return texts.map((text) => {
    const [runId = '', continues] = text.split(/[<~]/);
    clock += 1;
    const isRetry = text.includes('~') ? { isRetry: true as const } : {};
    const before = continues === undefined ? {} : { continues };
    return { runId, agent: 'a', ...before, ...isRetry, status: 'completed', createdAt: clock };
  });
}

/** The path as `a b(2/3)`: the newest run of each turn, and its position if there are other versions. */
function path(given: readonly ThreadRun[], shown?: string): string {
  return pathOf(threadTree(given), shown)
    .map(({ version, siblings, index }) => {
      const ids = version.runs.map(({ runId }) => runId).join('+');
      return siblings.length === 1 ? ids : `${ids}(${index + 1}/${siblings.length})`;
    })
    .join(' ');
}

describe('the shown path of a thread', () => {
  test('has the turns in order', () => {
    expect(path(runs('a', 'b<a', 'c<b'))).toBe('a b c');
    expect(path([])).toBe('');
  });

  test('leads to the newest leaf, or to the newest leaf below a chosen version', () => {
    const given = runs('a', 'b<a', 'c<b', 'b2<a', 'c2<b2', 'd<c');
    expect(path(given)).toBe('a b(1/2) c d');
    expect(path(given, 'b2')).toBe('a b2(2/2) c2');
    expect(path(given, 'a')).toBe('a b(1/2) c d');
    expect(path(given, 'unknown')).toBe('a b(1/2) c d');
  });

  test('has the versions of an edited first question', () => {
    const given = runs('a', 'b<a', 'a2');
    expect(path(given)).toBe('a2(2/2)');
    expect(path(given, 'a')).toBe('a(1/2) b');
  });

  test('shows a retried run and its retries as one turn', () => {
    const given = runs('a', 'b<a', 'r~b', 's~r', 'c<s');
    expect(path(given)).toBe('a b+r+s c');
    expect(path(given, 'r')).toBe('a b+r+s c');
  });

  test('hides no turn: a run that was retried and continued has a version for each', () => {
    const given = runs('a', 'b<a', 'r~a');
    expect(path(given)).toBe('a+r(2/2)');
    expect(path(given, 'a')).toBe('a(1/2) b');
    expect(path(given, 'b')).toBe('a(1/2) b');
  });

  test('begins at a run whose predecessor is not known', () => {
    expect(path(runs('b<gone', 'c<b'))).toBe('b c');
    expect(path(runs('r~gone', 'c<r'))).toBe('r c');
  });

  test('contains each run that can be shown, and has no endless path', () => {
    const id = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const link = fc.record({ runId: id, continues: fc.option(id), isRetry: fc.boolean() });
    fc.assert(
      fc.property(fc.uniqueArray(link, { selector: ({ runId }) => runId }), (links) => {
        const given = links.map(
          ({ runId, continues, isRetry }, createdAt): ThreadRun => ({
            ...{ runId, agent: 'a', status: 'completed', createdAt },
            ...(continues === null ? {} : { continues }),
            ...(isRetry && continues !== null ? { isRetry: true as const } : {}),
          }),
        );
        const tree = threadTree(given);
        for (const version of tree.versions.values()) {
          const turns = pathOf(tree, version.runId);
          const turn = turns.find((one) => one.version === version);
          expect(turn?.siblings[turn.index]).toBe(version.runId);
        }
      }),
    );
  });
});
