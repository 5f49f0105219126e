import { emptyView } from '@longhaul/core';
import { renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import type { ThreadTurn } from '../thread/thread-turn.ts';
import { useShownTurns } from './use-shown-turns.ts';

function turn(runId: string): ThreadTurn {
  const run = { ...emptyView, runId };
  return { runId, input: [], parts: [], status: run.status, run, siblings: [runId], index: 0 };
}

const [one, two] = [turn('one'), turn('two')];

test('the turns that were shown stay until another branch has loaded, but not those of another thread', () => {
  const { result, rerender } = renderHook(useShownTurns, {
    initialProps: { threadId: 'a', turns: [one], isLoading: false },
    reactStrictMode: true,
  });
  const first = result.current;
  rerender({ threadId: 'a', turns: [one], isLoading: false });
  expect(result.current).toBe(first);
  rerender({ threadId: 'a', turns: [], isLoading: true });
  expect(result.current).toBe(first);
  rerender({ threadId: 'a', turns: [two], isLoading: false });
  expect(result.current).toEqual([two]);
  rerender({ threadId: 'b', turns: [], isLoading: true });
  expect(result.current).toEqual([]);
  rerender({ threadId: 'b', turns: [one], isLoading: false });
  rerender({ threadId: 'b', turns: [], isLoading: false });
  expect(result.current).toEqual([]);
});
