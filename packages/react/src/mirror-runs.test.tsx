import { QueryClient, QueryObserver, useQueries, useQuery } from '@tanstack/react-query';
import { act, cleanup, render, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRun, HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { mirrorRuns } from './mirror-runs.ts';
import { agentThreadKeys } from './thread/agent-thread-keys.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';
import { useAgentRuns } from './use-agent-runs.ts';
import { useToolCall } from './use-tool-call.ts';

let runner: HandDrivenRunner;
let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});
afterEach(() => {
  vi.useRealTimers();
  cleanup();
});

describe('the query cache as a view of the runs', () => {
  test('contains every started run under its detail key, and follows it', async () => {
    const stop = mirrorRuns(runner, client);
    const run = runner.start(weather, 'Umbrella?');
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toEqual(run.view);
    run.update({ status: 'completed', text: 'Yes.' });
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toEqual(run.view);
    stop();
  });

  test('contains runs that were loaded before the provider was mounted', () => {
    const run = runner.start(weather, 'Umbrella?');
    const stop = mirrorRuns(runner, client);
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toBe(run.view);
    stop();
  });

  test('keeps the last view of a run that is no longer loaded, including throttled text', () => {
    const stop = mirrorRuns(runner, client);
    const run = runner.start(weather, 'Umbrella?');
    run.stream('a');
    run.stream('b');
    runner.gone(run.id);
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toEqual(run.view);
    expect(run.listeners).toBe(0);
    stop();
  });

  test('writes text at most every 50 ms', () => {
    vi.useFakeTimers();
    const stop = mirrorRuns(runner, client);
    const run = runner.start(weather, 'Umbrella?');
    const writes = vi.fn<() => void>();
    client.getQueryCache().subscribe(writes);
    for (let ms = 0; ms < 1_000; ms += 1) {
      run.stream('.');
      vi.advanceTimersByTime(1);
    }
    expect(writes.mock.calls.length).toBeLessThanOrEqual(21);
    stop();
    vi.useRealTimers();
  });

  test('refetches the lists once for several changes, and not for text', () => {
    vi.useFakeTimers();
    const stop = mirrorRuns(runner, client);
    const invalidate = vi.spyOn(client, 'invalidateQueries');
    const run = runner.start(weather, 'Umbrella?');
    run.update({ status: 'in_progress' });
    vi.advanceTimersByTime(1_000);
    expect(invalidate.mock.calls).toEqual([
      [{ queryKey: agentRunKeys.list() }],
      [{ queryKey: agentThreadKeys.list() }],
    ]);
    run.stream('a');
    vi.advanceTimersByTime(1_000);
    expect(invalidate).toHaveBeenCalledTimes(2);
    run.update({ status: 'completed' });
    vi.advanceTimersByTime(1_000);
    expect(invalidate).toHaveBeenCalledTimes(4);
    stop();
    vi.useRealTimers();
  });

  test('a runner that forgets a finished run for another one has not deleted it, so the thread is not read again', async () => {
    vi.useFakeTimers();
    const queryFn = vi.fn<() => Promise<unknown[]>>(async () => []);
    const thread = new QueryObserver(client, { queryKey: agentThreadKeys.detail('thread'), queryFn });
    const unsubscribe = thread.subscribe(() => undefined);
    const stop = mirrorRuns(runner, client);
    const old = runner.start(weather, 'Umbrella?', { threadId: 'thread' });
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queryFn).toHaveBeenCalledTimes(1);
    runner.live(new HandDrivenRun(runView({ runId: 'new', threadId: 'thread' })), old);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queryFn).toHaveBeenCalledTimes(1);
    runner.gone('new');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queryFn).toHaveBeenCalledTimes(2);
    stop();
    unsubscribe();
  });

  // The result of a fetch reaches the cache after some microtasks. The run may end in any of them.
  test.each([...Array(12).keys()])(
    'a fetch does not overwrite a view that changes %i microtasks after its start',
    async (ticks) => {
      runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'a' }));
      const stop = mirrorRuns(runner, client);
      const fetched = client.query(agentRunOptions(runner, 'old', { agent: weather }));
      for (let tick = 0; tick < ticks || runner.get('old') === undefined; tick += 1) await Promise.resolve();
      runner.get('old')?.update({ status: 'completed', text: 'abc' });
      await fetched;
      await Promise.resolve();
      expect(client.getQueryData(agentRunKeys.detail('old'))).toMatchObject({
        status: 'completed',
        text: 'abc',
      });
      stop();
    },
  );

  test('stops when the provider unmounts, without remaining subscriptions', () => {
    const { unmount } = renderHook(() => null, { wrapper: wrapperOf(runner, client), reactStrictMode: true });
    const run = runner.start(weather, 'Umbrella?');
    unmount();
    expect(runner.listeners).toBe(0);
    expect(run.listeners).toBe(0);
    run.update({ status: 'completed' });
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toMatchObject({ status: 'queued' });
  });

  test('follows only the new runner when the provider receives a different one', () => {
    const other = new HandDrivenRunner();
    const tree = (current: HandDrivenRunner) => {
      const Wrapper = wrapperOf(current, client);
      return <Wrapper>{null}</Wrapper>;
    };
    const { rerender } = render(tree(runner));
    rerender(tree(other));
    expect(runner.listeners).toBe(0);
    const run = other.start(weather, 'Hi');
    expect(client.getQueryData(agentRunKeys.detail(run.id))).toBe(run.view);
  });
});

describe('a run started by runner.start', () => {
  test('is shown by every hook with its id', async () => {
    const { result } = renderHook(
      () => ({
        run: useAgentRun({ agent: weather, runId: 'r' }).status,
        status: useAgentRunStatus('r'),
        query: useQuery(agentRunOptions(runner, 'r')).data?.status,
        queries: useQueries({ queries: [agentRunOptions(runner, 'r')] }).map(({ data }) => data?.status),
        list: useAgentRuns().data?.map(({ runId, status }) => `${runId} ${status}`),
      }),
      { wrapper: wrapperOf(runner, client) },
    );
    expect(result.current).toMatchObject({ run: 'idle', status: 'idle', query: undefined });
    act(() => void runner.start(weather, 'Hi', { runId: 'r' }));
    const everywhere = (status: string) => ({
      run: status,
      status,
      query: status,
      queries: [status],
      list: [`r ${status}`],
    });
    await waitFor(() => expect(result.current).toEqual(everywhere('queued')));
    act(() => runner.last.update({ status: 'completed' }));
    await waitFor(() => expect(result.current).toEqual(everywhere('completed')));
  });
});

describe('useAgentRunStatus and useToolCall', () => {
  test('render only when the status or the call changes', async () => {
    const run = runner.start(weather, 'Umbrella?');
    run.update({
      status: 'running_tools',
      toolCalls: [
        {
          callId: 'c1',
          name: 'get_weather',
          arguments: {},
          rawArguments: '{}',
          status: 'running',
          iteration: 0,
        },
        { callId: 'c2', name: 'book', arguments: {}, rawArguments: '{}', status: 'pending', iteration: 0 },
      ],
    });
    const statuses: string[] = [];
    const calls: (string | undefined)[] = [];
    const Wrapper = wrapperOf(runner, client);
    const Status = (): null => {
      statuses.push(useAgentRunStatus(run.id));
      return null;
    };
    const Call = (): null => {
      const call = useToolCall(run.id, 'c1');
      calls.push(call && `${call.status} ${JSON.stringify(call.progress)}`);
      return null;
    };
    render(
      <Wrapper>
        <Status />
        <Call />
      </Wrapper>,
    );
    await waitFor(() => expect(calls.at(-1)).toBe('running undefined'));
    statuses.length = 0;
    calls.length = 0;

    const cache = new QueryObserver(client, agentRunOptions(runner, run.id));
    const stop = cache.subscribe(() => undefined);
    for (const delta of ['a', 'b', 'c', 'd']) {
      act(() => run.stream(delta));
      await waitFor(() => expect(cache.getCurrentResult().data?.text).toBe(run.view.text));
    }
    stop();
    expect(statuses).toEqual([]);
    expect(calls).toEqual([]);

    const [first, second] = run.view.toolCalls;
    if (first === undefined || second === undefined) throw new Error('Both calls are in the view.');
    act(() => run.update({ toolCalls: [first, { ...second, status: 'running' }] }));
    act(() => run.update({ toolCalls: [{ ...first, progress: 0.5 }, second] }));
    await waitFor(() => expect(calls).toEqual(['running 0.5']));
    expect(statuses).toEqual([]);
    act(() => run.update({ status: 'completed' }));
    await waitFor(() => expect(statuses).toEqual(['completed']));
    expect(calls).toEqual(['running 0.5']);
  });

  test('useToolCall returns the latest call if several iterations used its id', async () => {
    const run = runner.start(weather, 'Umbrella?');
    const call = { callId: 'c1', name: 'get_weather', arguments: {}, rawArguments: '{}' } as const;
    run.update({
      toolCalls: [
        { ...call, status: 'completed', iteration: 0 },
        { ...call, status: 'running', iteration: 1 },
      ],
    });
    const { result } = renderHook(() => useToolCall(run.id, 'c1'), { wrapper: wrapperOf(runner) });
    await waitFor(() => expect(result.current?.iteration).toBe(1));
  });

  test('return `idle` and undefined without a run id', async () => {
    const { result } = renderHook(() => [useAgentRunStatus(undefined), useToolCall(undefined, 'c1')], {
      wrapper: wrapperOf(runner, client),
    });
    await act(async () => undefined);
    expect(result.current).toEqual(['idle', undefined]);
  });
});
