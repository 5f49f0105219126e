import { emptyView } from '@longhaul/core';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ThreadTurn } from './tree/thread-turn.ts';
import { useShownTurns } from './use-shown-turns.ts';

function turn(runId: string): ThreadTurn {
  const run = { ...emptyView, runId };
  return { runId, input: [], parts: [], status: run.status, run, siblings: [runId], index: 0 };
}

const [one, two] = [turn('one'), turn('two')];

test('the turns that were shown stay until another branch has loaded, but not those of another thread', () => {
  const show = (threadId: string, turns: readonly ThreadTurn[], isLoading = false) => ({
    threadId,
    turns,
    isLoading,
  });
  const { result, rerender } = renderHook(
    ({ threadId, turns, isLoading }: ReturnType<typeof show>) => useShownTurns(threadId, turns, isLoading),
    { initialProps: show('a', [one]), reactStrictMode: true },
  );
  const first = result.current;
  rerender(show('a', [one]));
  expect(result.current).toBe(first);
  rerender(show('a', [], true));
  expect(result.current).toBe(first);
  rerender(show('a', [two]));
  expect(result.current).toEqual([two]);
  rerender(show('b', [], true));
  expect(result.current).toEqual([]);
  rerender(show('b', [one]));
  rerender(show('b', []));
  expect(result.current).toEqual([]);
});
