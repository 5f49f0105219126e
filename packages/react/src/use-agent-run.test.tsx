import { LonghaulError } from '@longhaul/core';
import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { useEffect } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRun, HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';

type Options = Partial<UseAgentRunOptions<typeof weather>>;

let runner: HandDrivenRunner;
let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});
afterEach(cleanup);

// The hook's return type is the specification; naming it here would hide what is inferred.
function renderRun(options: Options = {}, renderOptions: { reactStrictMode?: boolean } = {}) {
  return renderHook((props: Options) => useAgentRun({ agent: weather, ...props }), {
    wrapper: wrapperOf(runner, client),
    initialProps: options,
    ...renderOptions,
  });
}

describe('a run of one component', () => {
  test('is idle before it is started', () => {
    const { result } = renderRun();
    expect(result.current).toMatchObject({
      runId: undefined,
      status: 'idle',
      view: undefined,
      text: '',
      commentary: '',
      agentTexts: {},
      items: [],
      toolCalls: [],
      waiting: null,
      error: undefined,
      isActive: false,
      isTerminal: false,
      isLoading: false,
    });
    expect(result.current.usage.totalTokens).toBe(0);
  });

  test('is the only one in the query cache, whose devtools show no run without an id', () => {
    const { result, rerender } = renderHook(
      () => {
        const run = useAgentRun({ agent: weather });
        useAgentRunStatus(run.runId);
        return run;
      },
      { wrapper: wrapperOf(runner, client), reactStrictMode: true },
    );
    const keys = () =>
      client
        .getQueryCache()
        .getAll()
        .map(({ queryKey }) => queryKey);
    expect(keys()).toEqual([]);
    rerender();
    expect(keys()).toEqual([]);
    expect(result.current.query).toMatchObject({ status: 'pending', fetchStatus: 'idle' });
    act(() => void result.current.start('Umbrella?'));
    expect(keys()).toEqual([agentRunKeys.detail('run-1')]);
    act(() => result.current.reset());
    expect(keys()).toEqual([agentRunKeys.detail('run-1')]);
  });

  test('shows the run from the moment of its start to its end', () => {
    const { result } = renderRun();
    act(() => {
      result.current.start('Umbrella?', { metadata: { page: 'home' } });
    });
    expect(runner.last.view.input).toBe('Umbrella?');
    expect(runner.last.startOptions).toEqual({ metadata: { page: 'home' } });
    expect(result.current).toMatchObject({ runId: 'run-1', status: 'queued', isActive: true });

    const agentTexts = { '/root/scout': 'It rains.' };
    act(() =>
      runner.last.update({ status: 'in_progress', text: 'Take', commentary: 'I will look.', agentTexts }),
    );
    expect(result.current).toMatchObject({ status: 'in_progress', text: 'Take', isActive: true });
    expect(result.current).toMatchObject({ commentary: 'I will look.', agentTexts });

    act(() => runner.last.update({ status: 'completed', text: 'Take one.', driver: 'none' }));
    expect(result.current).toMatchObject({
      status: 'completed',
      text: 'Take one.',
      isActive: false,
      isTerminal: true,
    });
    expect(result.current.view).toBe(runner.last.view);
  });

  test('is in the query underneath too', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'completed', text: 'Take one.' }));
    await waitFor(() =>
      expect(result.current.query).toMatchObject({ status: 'success', data: { text: 'Take one.' } }),
    );
    expect(client.getQueryData(agentRunKeys.detail('run-1'))).toEqual(runner.last.view);
  });

  test('shows how the run failed', () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() =>
      runner.last.update({ status: 'failed', error: { code: 'server_error', message: 'It broke.' } }),
    );
    expect(result.current.error).toEqual({ code: 'server_error', message: 'It broke.' });
  });

  test('goes on when the component is unmounted, and is there when it is mounted again', () => {
    const first = renderRun();
    act(() => void first.result.current.start('Umbrella?'));
    const run = runner.last;
    first.unmount();
    expect(run.listeners).toBe(0);
    expect(run.asked).toEqual([]);
    run.update({ status: 'in_progress', text: 'Take' });

    const second = renderRun({ runId: run.id });
    expect(second.result.current).toMatchObject({ status: 'in_progress', text: 'Take' });
    expect(runner.started).toHaveLength(1);
  });

  test('is not restarted by options, agents and callbacks that are new on each render', () => {
    const { result, rerender } = renderRun({ onSuccess: () => undefined, context: undefined });
    act(() => void result.current.start('Umbrella?'));
    const { start, cancel } = result.current;
    rerender({ agent: { ...weather }, onSuccess: () => undefined });
    expect(runner.started).toHaveLength(1);
    expect(runner.resumed).toEqual([]);
    expect(result.current.status).toBe('queued');
    expect(result.current.start).toBe(start);
    expect(result.current.cancel).toBe(cancel);
  });

  test('gives tools the context of the latest render, or that of the start', () => {
    const { result, rerender } = renderRun({ context: { user: 'ada' } });
    rerender({ context: { user: 'grace' } });
    act(() => void result.current.start('One'));
    expect(runner.last.startOptions.context).toEqual({ user: 'grace' });
    act(() => void result.current.start('Two', { context: { user: 'edsger' } }));
    expect(runner.last.startOptions.context).toEqual({ user: 'edsger' });
  });

  test('hands decisions to the run', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    await act(async () => {
      await result.current.approve('call_1');
      await result.current.deny('call_2', 'no');
      await result.current.submitToolOutput('call_3', 'out');
      await result.current.respond([{ type: 'error', callId: 'call_4', message: 'gone' }]);
    });
    expect(runner.last.asked).toEqual([
      { type: 'approve', callId: 'call_1' },
      { type: 'deny', callId: 'call_2', reason: 'no' },
      { type: 'output', callId: 'call_3', output: 'out' },
      { type: 'error', callId: 'call_4', message: 'gone' },
    ]);
  });

  test('is cancelled at the server by cancel, also in the tick of its start', async () => {
    const { result } = renderRun();
    await act(async () => {
      result.current.start('Umbrella?');
      await result.current.cancel('changed my mind');
    });
    expect(runner.last.asked).toEqual([{ type: 'cancel', reason: 'changed my mind' }]);
    expect(result.current.status).toBe('cancelled');
  });

  test('is forgotten by reset, and goes on', () => {
    const onRunId = vi.fn<(runId: string | undefined) => void>();
    const { result } = renderRun({ onRunId });
    act(() => void result.current.start('Umbrella?'));
    act(() => result.current.reset());
    expect(result.current).toMatchObject({ status: 'idle', runId: undefined, view: undefined });
    expect(onRunId.mock.calls).toEqual([['run-1'], [undefined]]);
    expect(runner.last.asked).toEqual([]);
    expect(runner.get('run-1')).toBe(runner.last);
  });

  test('refuses what needs a run while there is none', async () => {
    const { result } = renderRun();
    await expect(result.current.cancel()).rejects.toMatchObject({ code: 'configuration' });
    await expect(result.current.retry()).rejects.toMatchObject({ code: 'configuration' });
    await expect(result.current.approve('call_1')).rejects.toThrow('shows no run');
    await expect(result.current.detach()).resolves.toBeUndefined();
  });

  test('needs a provider, and says so', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => useAgentRun({ agent: weather }))).toThrow(
      '<LonghaulProvider runner={runner}>',
    );
    vi.restoreAllMocks();
  });
});

describe('the turns of a conversation', () => {
  test('send starts the first and carries a finished one on', () => {
    const { result } = renderRun();
    act(() => void result.current.send('Umbrella?'));
    expect(runner.last.startOptions).toEqual({});
    act(() => runner.last.update({ status: 'completed' }));
    act(() => void result.current.send('And tomorrow?', { metadata: { turn: '2' } }));
    expect(runner.last.startOptions).toEqual({ continueFrom: 'run-1', metadata: { turn: '2' } });
    expect(result.current).toMatchObject({ runId: 'run-2', status: 'queued' });
  });

  test('send refuses to interrupt a run, and names it', () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    expect(() => result.current.send('Hello?')).toThrow('run "run-1" is not over');
    expect(runner.started).toHaveLength(1);
  });

  test('start begins anew while the run before goes on', () => {
    const { result } = renderRun();
    act(() => void result.current.start('One'));
    act(() => void result.current.start('Two'));
    expect(result.current.runId).toBe('run-2');
    expect(runner.get('run-1')?.asked).toEqual([]);
  });

  test('retry carries a failed run on without new input', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'failed' }));
    await act(async () => void (await result.current.retry()));
    expect(runner.last.view.input).toEqual([]);
    expect(runner.last.startOptions).toEqual({ continueFrom: 'run-1' });
    expect(result.current).toMatchObject({ runId: 'run-2', status: 'queued' });
  });

  test('retry takes up a run that is driven by nobody where it stands, and leaves one alone that is driven', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    expect(await result.current.retry()).toBe(runner.last);
    expect(runner.resumed).toEqual([]);
    await act(async () => await result.current.detach());
    await act(async () => void (await result.current.retry()));
    expect(runner.resumed).toEqual(['run-1']);
    expect(runner.started).toHaveLength(1);
  });
});

describe('a run named by runId', () => {
  test('is taken up from the store', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half' }));
    const { result } = renderRun({ runId: 'old' });
    expect(result.current).toMatchObject({ status: 'idle', isLoading: true });
    await waitFor(() => expect(result.current.status).toBe('in_progress'));
    expect(result.current).toMatchObject({ text: 'Half', isLoading: false });
    expect(runner.resumed).toEqual(['old']);
    act(() => runner.get('old')?.update({ status: 'completed', text: 'Whole' }));
    expect(result.current).toMatchObject({ status: 'completed', text: 'Whole' });
  });

  test('is taken up although the persisted cache shows it already', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half and more' }));
    client.setQueryData(
      agentRunKeys.detail('old'),
      runView({ runId: 'old', status: 'in_progress', text: 'Half' }),
    );
    const { result } = renderRun({ runId: 'old' });
    expect(result.current).toMatchObject({ status: 'in_progress', text: 'Half', isLoading: false });
    await waitFor(() => expect(result.current.text).toBe('Half and more'));
    expect(runner.resumed).toEqual(['old']);
  });

  test('is left in the store with resume: false', async () => {
    runner.saved.set('old', runView({ runId: 'old' }));
    const { result } = renderRun({ runId: 'old', resume: false });
    await act(async () => undefined);
    expect(result.current).toMatchObject({ status: 'idle', isLoading: false });
    expect(runner.resumed).toEqual([]);
  });

  test('that is not there gives a clear error at once, without retries', async () => {
    const { result } = renderRun({ runId: 'lost' });
    await waitFor(() => expect(result.current.error).toBeDefined());
    expect(result.current).toMatchObject({
      status: 'idle',
      isLoading: false,
      error: { code: 'configuration', message: 'run "lost" is not in the store.' },
    });
    expect(result.current.query.error).toBeInstanceOf(Error);
    expect(runner.resumed).toEqual(['lost']);
  });

  test('of another agent is not shown, as its calls have other types', async () => {
    runner.live(new HandDrivenRun(runView({ runId: 'other', agent: 'travel', text: 'Bonjour' })));
    const { result } = renderRun({ runId: 'other' });
    await waitFor(() =>
      expect(result.current.error?.message).toContain('of agent "travel", not of "weather"'),
    );
    expect(result.current).toMatchObject({ status: 'idle', view: undefined, text: '' });
    await expect(result.current.cancel()).rejects.toMatchObject({ code: 'configuration' });
    expect(runner.get('other')?.asked).toEqual([]);
  });

  test('shows up when it is started elsewhere later', async () => {
    const { result } = renderRun({ runId: 'late' });
    await waitFor(() => expect(result.current.error).toBeDefined());
    act(() => void runner.start(weather, 'Hi', { runId: 'late' }));
    expect(result.current).toMatchObject({ status: 'queued', error: undefined });
  });

  test('is followed from one to the next, and what is left goes on', () => {
    const one = runner.start(weather, 'One');
    const two = runner.start(weather, 'Two');
    const { result, rerender } = renderRun({ runId: one.id });
    act(() => one.update({ text: 'first' }));
    rerender({ runId: two.id });
    expect(result.current).toMatchObject({ runId: two.id, text: '' });
    expect(one.asked).toEqual([]);
    rerender({ runId: undefined });
    expect(result.current.status).toBe('idle');
    rerender({ runId: one.id });
    expect(result.current.text).toBe('first');
  });

  test('is told to the URL by onRunId, and a slow router changes nothing meanwhile', () => {
    const onRunId = vi.fn<(runId: string | undefined) => void>();
    const { result, rerender } = renderRun({ runId: undefined, onRunId });
    act(() => void result.current.start('One'));
    expect(onRunId.mock.calls).toEqual([['run-1']]);
    rerender({ runId: undefined, onRunId });
    expect(result.current.runId).toBe('run-1');
    rerender({ runId: 'run-1', onRunId });
    expect(result.current).toMatchObject({ runId: 'run-1', status: 'queued' });
    rerender({ runId: undefined, onRunId });
    expect(result.current.status).toBe('idle');
    expect(onRunId).toHaveBeenCalledTimes(1);
  });
});

describe('rendering', () => {
  test('keeps to throttleMs, although others follow the run faster', () => {
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

  test('follows the query cache for a run that does not live here', async () => {
    const { result } = renderRun({ runId: 'far', resume: false });
    act(() => void client.setQueryData(agentRunKeys.detail('far'), runView({ runId: 'far', text: 'One' })));
    await waitFor(() => expect(result.current.text).toBe('One'));
    act(() => void client.setQueryData(agentRunKeys.detail('far'), runView({ runId: 'far', text: 'Two' })));
    await waitFor(() => expect(result.current.text).toBe('Two'));
  });
});

describe('driving that stopped', () => {
  test('shows as an error, not as endless loading, until the run is driven again', async () => {
    const { result } = renderRun();
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

  test('is no error after detach, and nothing takes the run up again unasked', async () => {
    const { result } = renderRun();
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
    const { result } = renderRun({}, { reactStrictMode: true });
    act(() => void result.current.start('Umbrella?'));
    expect(runner.started).toHaveLength(1);
    expect(result.current.status).toBe('queued');
  });

  test('starts one run from an effect, which it runs twice', () => {
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

  test('leaves nothing subscribed after the unmount', () => {
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
