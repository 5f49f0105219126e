import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { HandDrivenRun, HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { emptyView } from '@longhaul/core';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunListOptions } from './agent-run-list-options.ts';
import { useAgentRuns } from './use-agent-runs.ts';
import { withLiveRuns } from './with-live-runs.ts';

let runner: HandDrivenRunner;

beforeEach(() => {
  runner = new HandDrivenRunner();
});
afterEach(cleanup);

describe('useAgentRuns', () => {
  test('follows runs that are added, change status and are removed', async () => {
    const { result } = renderHook(() => useAgentRuns().data?.map((run) => `${run.runId} ${run.status}`), {
      wrapper: wrapperOf(runner),
    });
    await waitFor(() => expect(result.current).toEqual([]));
    act(() => void runner.start(weather, 'Umbrella?'));
    await waitFor(() => expect(result.current).toEqual(['run-1 queued']));
    act(() => runner.last.update({ status: 'in_progress' }));
    await waitFor(() => expect(result.current).toEqual(['run-1 in_progress']));
    await act(async () => await runner.delete('run-1'));
    await waitFor(() => expect(result.current).toEqual([]));
  });

  test('agentRunListOptions lists saved runs without a component', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'completed' }));
    const runs = await new QueryClient().query(agentRunListOptions(runner));
    expect(runs.map(({ runId }) => runId)).toEqual(['old']);
  });
});

describe('withLiveRuns', () => {
  const live = (change: Parameters<typeof runView>[0]): HandDrivenRun => new HandDrivenRun(runView(change));
  const saved = (runId: string, createdAt: number) =>
    ({
      runId,
      agent: 'weather',
      threadId: runId,
      metadata: {},
      input: 'Umbrella?',
      status: 'in_progress',
      revision: 3,
      usage: emptyView.usage,
      createdAt,
      updatedAt: createdAt,
    }) as const;
  const ids = (runs: readonly { readonly runId: string }[]): string[] => runs.map(({ runId }) => runId);

  test('replaces the saved status of a loaded run, and keeps its revision', () => {
    const [run] = withLiveRuns(
      [saved('a', 1)],
      [live({ runId: 'a', status: 'completed', createdAt: 1, updatedAt: 9 })],
    );
    expect(run).toMatchObject({ status: 'completed', revision: 3, updatedAt: 9 });
  });

  test('with the filters `owner` and `threadId` inserts only runs of that owner and that thread', () => {
    const runs = withLiveRuns(
      [{ ...saved('a', 1), owner: 'ann' }],
      [
        live({ runId: 'a', owner: 'ann', threadId: 't', status: 'completed', createdAt: 1 }),
        live({ runId: 'b', owner: 'ann', threadId: 't', createdAt: 2 }),
        live({ runId: 'c', owner: 'ben', threadId: 't', createdAt: 3 }),
        live({ runId: 'd', owner: 'ann', threadId: 'u', createdAt: 4 }),
      ],
      { owner: 'ann', threadId: 't' },
    );
    expect(runs).toMatchObject([
      { runId: 'b', owner: 'ann', revision: 0 },
      { runId: 'a', owner: 'ann', status: 'completed', revision: 3 },
    ]);
  });

  test('inserts a run that is not saved yet, with revision 0, in the order of the list', () => {
    const runs = withLiveRuns([saved('a', 1), saved('c', 3)].toReversed(), [
      live({ runId: 'b', createdAt: 2 }),
    ]);
    expect(ids(runs)).toEqual(['c', 'b', 'a']);
    expect(runs[1]).toMatchObject({ revision: 0 });
  });

  test('removes runs that no longer match the filter, and adds runs that now match it', () => {
    const now = [
      live({ runId: 'a', status: 'completed' }),
      live({ runId: 'b', status: 'in_progress', agent: 'travel' }),
    ];
    expect(ids(withLiveRuns([saved('a', 1)], now, { status: 'in_progress' }))).toEqual(['b']);
    expect(ids(withLiveRuns([saved('a', 1)], now, { status: ['completed', 'failed'] }))).toEqual(['a']);
    expect(ids(withLiveRuns([saved('a', 1)], now, { agent: 'travel' }))).toEqual(['b']);
  });

  test('respects the limit, and does not add runs to later pages', () => {
    const now = [live({ runId: 'new', createdAt: 5 })];
    expect(ids(withLiveRuns([saved('b', 2), saved('a', 1)], now, { limit: 2 }))).toEqual(['new', 'b']);
    expect(ids(withLiveRuns([saved('a', 1)], now, { limit: 2, after: 'b' }))).toEqual(['a']);
  });
});
