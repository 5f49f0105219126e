import { StoreError } from '@longhaul/core';
import {
  focusManager,
  onlineManager,
  QueryClient,
  QueryClientProvider,
  useQuery,
  useSuspenseQueries,
} from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { agentRunOptions } from './agent-run-options.ts';

let runner: HandDrivenRunner;
let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});
afterEach(() => {
  cleanup();
  vi.useRealTimers();
  focusManager.setFocused(undefined);
  onlineManager.setOnline(true);
});

describe('agentRunOptions in a loader', () => {
  test('return the view of a loaded run', async () => {
    const run = runner.start(weather, 'Umbrella?');
    expect(await client.query(agentRunOptions(runner, run.id))).toBe(run.view);
    expect(runner.resumed).toEqual([]);
  });

  test('resume a run from the store, with the agent of the options or the agent of its saved name', async () => {
    runner.saved.set('a', runView({ runId: 'a' }));
    runner.saved.set('b', runView({ runId: 'b' }));
    expect(await client.query(agentRunOptions(runner, 'a', { agent: weather }))).toMatchObject({
      runId: 'a',
    });
    expect(await client.query(agentRunOptions(runner, 'b'))).toMatchObject({ runId: 'b' });
    expect(runner.resumed).toEqual(['a', 'b']);
  });

  test('reject for a run that does not exist, and name its id', async () => {
    await expect(client.query(agentRunOptions(runner, 'lost'))).rejects.toMatchObject({
      code: 'configuration',
      message: expect.stringContaining('run "lost"'),
    });
  });

  test('resume a run from the store while the browser is offline', async () => {
    onlineManager.setOnline(false);
    runner.saved.set('a', runView({ runId: 'a' }));
    expect(await client.query(agentRunOptions(runner, 'a', { agent: weather }))).toMatchObject({
      runId: 'a',
    });
  });
});

describe('agentRunOptions in a component', () => {
  test('retry while the store is unavailable', async () => {
    vi.useFakeTimers();
    runner.saved.set('a', runView({ runId: 'a' }));
    runner.gate = Promise.reject(new StoreError('unavailable', 'The database is locked.'));
    const { result } = renderHook(() => useQuery(agentRunOptions(runner, 'a', { agent: weather })), {
      wrapper: wrapperOf(runner, client),
    });
    await act(async () => void (await vi.advanceTimersByTimeAsync(0)));
    expect(result.current.failureCount).toBe(1);
    runner.gate = undefined;
    await act(async () => void (await vi.advanceTimersByTimeAsync(1_100)));
    expect(result.current.data).toMatchObject({ runId: 'a' });
  });

  test('work with Suspense, several in one component', async () => {
    runner.saved.set('a', runView({ runId: 'a', status: 'failed' }));
    runner.start(weather, 'Umbrella?', { runId: 'b' });
    const { result } = renderHook(
      () =>
        useSuspenseQueries({
          queries: [agentRunOptions(runner, 'a', { agent: weather }), agentRunOptions(runner, 'b')],
          combine: (queries) => queries.map(({ data }) => data.status),
        }),
      { wrapper: wrapperOf(runner, client) },
    );
    await waitFor(() => expect(result.current).toEqual(['failed', 'queued']));
  });

  test('do not resume a detached run when the tab is focused or the network returns', async () => {
    // Even if the app's default options enable it.
    client.setDefaultOptions({ queries: { refetchOnReconnect: true, refetchOnWindowFocus: true } });
    const run = runner.start(weather, 'Umbrella?');
    let others = 0;
    renderHook(
      () => [
        useQuery(agentRunOptions(runner, run.id, { agent: weather })),
        useQuery({ queryKey: ['other'], queryFn: () => (others += 1) }),
      ],
      { wrapper: wrapperOf(runner, client) },
    );
    await waitFor(() => expect(others).toBe(1));
    act(() => runner.gone(run.id));
    act(() => focusManager.setFocused(false));
    act(() => focusManager.setFocused(true));
    await waitFor(() => expect(others).toBe(2));
    act(() => onlineManager.setOnline(false));
    act(() => onlineManager.setOnline(true));
    await waitFor(() => expect(others).toBe(3));
    expect(runner.resumed).toEqual([]);
  });

  test('do not fetch a loaded run again, and still follow it', async () => {
    const run = runner.start(weather, 'Umbrella?');
    const fetches: boolean[] = [];
    const hook = () => {
      const { data, isFetching } = useQuery(agentRunOptions(runner, run.id, { agent: weather }));
      fetches.push(isFetching);
      return data?.status;
    };
    const first = renderHook(hook, { wrapper: wrapperOf(runner, client) });
    await waitFor(() => expect(fetches.at(-1)).toBe(false));
    first.unmount();
    fetches.length = 0;
    const { result } = renderHook(hook, { wrapper: wrapperOf(runner, client) });
    act(() => run.update({ status: 'completed' }));
    await waitFor(() => expect(result.current).toBe('completed'));
    expect(new Set(fetches)).toEqual(new Set([false]));
  });

  test('follow a run without a LonghaulProvider while the query has observers', async () => {
    const run = runner.start(weather, 'Umbrella?');
    const options = agentRunOptions(runner, run.id, { agent: weather });
    // Like a loader or a server: the query has no observers.
    await client.query(options);
    expect(run.listeners).toBe(0);
    run.update({ status: 'in_progress', text: 'Take' });

    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    );
    const hook = () => useQuery(options).data?.text;
    const first = renderHook(hook, { wrapper });
    const second = renderHook(hook, { wrapper });
    await waitFor(() => expect(first.result.current).toBe('Take'));
    expect(run.listeners).toBe(1);
    act(() => run.update({ status: 'completed', text: 'Take one.' }));
    await waitFor(() =>
      expect([first.result.current, second.result.current]).toEqual(['Take one.', 'Take one.']),
    );
    first.unmount();
    expect(run.listeners).toBe(1);
    second.unmount();
    expect(run.listeners).toBe(0);
  });

  test('follow a run that was detached and resumed', async () => {
    const options = agentRunOptions(runner, 'a', { agent: weather });
    runner.saved.set('a', runView({ runId: 'a', status: 'in_progress' }));
    const wrapper = ({ children }: { children: ReactNode }) => (
      <QueryClientProvider client={client}>{children}</QueryClientProvider>
    );
    const { result } = renderHook(() => useQuery(options).data?.text, { wrapper });
    await waitFor(() => expect(runner.get('a')?.listeners).toBe(1));
    runner.gone('a');
    await act(async () => await client.refetchQueries(options));
    act(() => runner.get('a')?.update({ text: 'Take one.' }));
    await waitFor(() => expect(result.current).toBe('Take one.'));
  });

  test('do not fetch or resume a finished run that is in the cache', async () => {
    client.setQueryData(agentRunKeys.detail('a'), runView({ runId: 'a', status: 'completed' }));
    const { result } = renderHook(() => useQuery(agentRunOptions(runner, 'a', { agent: weather })), {
      wrapper: wrapperOf(runner, client),
    });
    await act(async () => undefined);
    expect(result.current).toMatchObject({ status: 'success', isFetching: false });
    expect(runner.resumed).toEqual([]);
  });
});
