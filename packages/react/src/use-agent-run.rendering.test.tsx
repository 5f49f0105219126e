import { LonghaulError } from '@longhaul/core';
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { renderRun } from '../test-support/render-run.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { useAgentRun } from './use-agent-run.ts';

let runner: HandDrivenRunner;

let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});

afterEach(cleanup);

describe('rendering', () => {
  test('respects throttleMs, although the query cache is updated more often', () => {
    vi.useFakeTimers();
    const run = runner.start(weather, 'Umbrella?');
    let renders = 0;
    const { result } = renderHook(
      () => {
        renders += 1;
        return useAgentRun({ agent: weather, runId: run.id, throttleMs: 500 });
      },
      { wrapper: wrapperOf(runner, client) },
    );
    renders = 0;
    for (let ms = 0; ms < 2_000; ms += 10) {
      act(() => {
        run.stream('.');
        vi.advanceTimersByTime(10);
      });
    }
    expect(renders).toBeGreaterThanOrEqual(4);
    expect(renders).toBeLessThanOrEqual(6);
    act(() => void vi.advanceTimersByTime(500));
    expect(result.current.text).toHaveLength(200);
    vi.useRealTimers();
  });

  test('follows the query cache for a run that is not loaded', async () => {
    const { result } = renderRun(runner, client, { runId: 'far', resume: false });
    act(() => void client.setQueryData(agentRunKeys.detail('far'), runView({ runId: 'far', text: 'One' })));
    await waitFor(() => expect(result.current.text).toBe('One'));
    act(() => void client.setQueryData(agentRunKeys.detail('far'), runView({ runId: 'far', text: 'Two' })));
    await waitFor(() => expect(result.current.text).toBe('Two'));
  });
});

describe('driving that stopped', () => {
  test('is shown as an error until the run is driven again', async () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    await act(async () => runner.last.stop(new LonghaulError('unauthorized', 'The key was refused.')));
    expect(result.current).toMatchObject({
      status: 'queued',
      error: { code: 'unauthorized', message: 'The key was refused.' },
    });
    act(() => runner.last.update({ driver: 'here' }));
    await waitFor(() => expect(result.current.error).toBeUndefined());
    await act(async () => runner.last.stop(new LonghaulError('unauthorized', 'The key was refused.')));
    await waitFor(() => expect(result.current.error?.code).toBe('unauthorized'));
  });

  test('is not an error after detach, which does not resume the run', async () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    await act(async () => await result.current.detach());
    act(() => runner.gone('run-1'));
    await act(async () => undefined);
    expect(result.current).toMatchObject({ status: 'queued', error: undefined });
    expect(runner.resumed).toEqual([]);
  });
});

describe('StrictMode', () => {
  test('starts one run for one click', () => {
    const { result } = renderRun(runner, client, {}, { reactStrictMode: true });
    act(() => void result.current.start('Umbrella?'));
    expect(runner.started).toHaveLength(1);
    expect(result.current.status).toBe('queued');
  });

  test('starts one run from an effect that runs twice', () => {
    const { result } = renderHook(
      () => {
        const run = useAgentRun({ agent: weather });
        const { start } = run;
        useEffect(() => {
          start([{ type: 'message', role: 'user', content: 'Umbrella?' }]);
        }, [start]);
        return run;
      },
      { wrapper: wrapperOf(runner), reactStrictMode: true },
    );
    expect(runner.started).toHaveLength(1);
    expect(result.current).toMatchObject({ runId: 'run-1', status: 'queued' });
  });

  test('has no subscriptions after the unmount', () => {
    const { result, unmount } = renderHook(() => useAgentRun({ agent: weather }), {
      wrapper: wrapperOf(runner),
      reactStrictMode: true,
    });
    act(() => void result.current.start('Umbrella?'));
    unmount();
    expect(runner.last.listeners).toBe(0);
    expect(runner.listeners).toBe(0);
  });
});
