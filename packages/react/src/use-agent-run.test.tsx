import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRunner } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { renderRun } from '../test-support/render-run.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';

let runner: HandDrivenRunner;

let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});

afterEach(cleanup);

describe('a run of one component', () => {
  test('is idle before it is started', () => {
    const { result } = renderRun(runner, client);
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

  test('is the only run in the query cache, so the devtools do not show a run without an id', () => {
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

  test('shows the run from its start to its end', () => {
    const { result } = renderRun(runner, client);
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

  test('is also the data of the underlying query', async () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'completed', text: 'Take one.' }));
    await waitFor(() =>
      expect(result.current.query).toMatchObject({ status: 'success', data: { text: 'Take one.' } }),
    );
    expect(client.getQueryData(agentRunKeys.detail('run-1'))).toEqual(runner.last.view);
  });

  test('shows the error of a failed run', () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    act(() =>
      runner.last.update({ status: 'failed', error: { code: 'server_error', message: 'It broke.' } }),
    );
    expect(result.current.error).toEqual({ code: 'server_error', message: 'It broke.' });
  });

  test('continues when the component unmounts, and is shown when it mounts again', () => {
    const first = renderRun(runner, client);
    act(() => void first.result.current.start('Umbrella?'));
    const run = runner.last;
    first.unmount();
    expect(run.listeners).toBe(0);
    expect(run.asked).toEqual([]);
    run.update({ status: 'in_progress', text: 'Take' });

    const second = renderRun(runner, client, { runId: run.id });
    expect(second.result.current).toMatchObject({ status: 'in_progress', text: 'Take' });
    expect(runner.started).toHaveLength(1);
  });

  test('is not restarted by options, agents and callbacks that are new on each render', () => {
    const { result, rerender } = renderRun(runner, client, {
      onSuccess: () => undefined,
      context: undefined,
    });
    act(() => void result.current.start('Umbrella?'));
    const { start, cancel } = result.current;
    rerender({ agent: { ...weather }, onSuccess: () => undefined });
    expect(runner.started).toHaveLength(1);
    expect(runner.resumed).toEqual([]);
    expect(result.current.status).toBe('queued');
    expect(result.current.start).toBe(start);
    expect(result.current.cancel).toBe(cancel);
  });

  test('passes the context of the latest render to tools, or the context of the start', () => {
    const { result, rerender } = renderRun(runner, client, { context: { user: 'ada' } });
    rerender({ context: { user: 'grace' } });
    act(() => void result.current.start('One'));
    expect(runner.last.startOptions.context).toEqual({ user: 'grace' });
    act(() => void result.current.start('Two', { context: { user: 'edsger' } }));
    expect(runner.last.startOptions.context).toEqual({ user: 'edsger' });
  });

  test('passes decisions to the run', async () => {
    const { result } = renderRun(runner, client);
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

  test('is cancelled by a cancel in the tick of its start', async () => {
    const { result } = renderRun(runner, client);
    await act(async () => {
      result.current.start('Umbrella?');
      await result.current.cancel('changed my mind');
    });
    expect(runner.last.asked).toEqual([{ type: 'cancel', reason: 'changed my mind' }]);
    expect(result.current.status).toBe('cancelled');
  });

  test('continues after reset, which no longer shows it', () => {
    const onRunId = vi.fn<(runId: string | undefined) => void>();
    const { result } = renderRun(runner, client, { onRunId });
    act(() => void result.current.start('Umbrella?'));
    act(() => result.current.reset());
    expect(result.current).toMatchObject({ status: 'idle', runId: undefined, view: undefined });
    expect(onRunId.mock.calls).toEqual([['run-1'], [undefined]]);
    expect(runner.last.asked).toEqual([]);
    expect(runner.get('run-1')).toBe(runner.last);
  });

  test('rejects actions that need a run while it has none', async () => {
    const { result } = renderRun(runner, client);
    await expect(result.current.cancel()).rejects.toMatchObject({ code: 'configuration' });
    await expect(result.current.retry()).rejects.toMatchObject({ code: 'configuration' });
    await expect(result.current.approve('call_1')).rejects.toThrow('has no run');
    await expect(result.current.detach()).resolves.toBeUndefined();
  });

  test('throws an error that names the provider if there is none', () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    expect(() => renderHook(() => useAgentRun({ agent: weather }))).toThrow(
      '<LonghaulProvider runner={runner}>',
    );
    vi.restoreAllMocks();
  });
});

describe('the turns of a conversation', () => {
  test('send starts the first turn and continues a finished run', () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.send('Umbrella?'));
    expect(runner.last.startOptions).toEqual({});
    act(() => runner.last.update({ status: 'completed' }));
    act(() => void result.current.send('And tomorrow?', { metadata: { turn: '2' } }));
    expect(runner.last.startOptions).toEqual({ continueFrom: 'run-1', metadata: { turn: '2' } });
    expect(result.current).toMatchObject({ runId: 'run-2', status: 'queued' });
  });

  test('send throws while a run is active, and names the run', () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    expect(() => result.current.send('Hello?')).toThrow('run "run-1" is still active');
    expect(runner.started).toHaveLength(1);
  });

  test('send throws for a run that is not loaded, and does not claim that the run is active', () => {
    const { result } = renderRun(runner, client, { runId: 'unknown' });
    expect(() => result.current.send('Hello?')).toThrow('run "unknown" is not loaded');
    expect(runner.started).toHaveLength(0);
  });

  test('start starts a new run while the previous one continues', () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('One'));
    act(() => void result.current.start('Two'));
    expect(result.current.runId).toBe('run-2');
    expect(runner.get('run-1')?.asked).toEqual([]);
  });

  test('retry continues a failed run without new input', async () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'failed' }));
    await act(async () => void (await result.current.retry()));
    expect(runner.last.view.input).toEqual([]);
    expect(runner.last.startOptions).toEqual({ continueFrom: 'run-1' });
    expect(result.current).toMatchObject({ runId: 'run-2', status: 'queued' });
  });

  test('retry resumes a run that no process drives, and does nothing for a driven run', async () => {
    const { result } = renderRun(runner, client);
    act(() => void result.current.start('Umbrella?'));
    expect(await result.current.retry()).toBe(runner.last);
    expect(runner.resumed).toEqual([]);
    await act(async () => await result.current.detach());
    await act(async () => void (await result.current.retry()));
    expect(runner.resumed).toEqual(['run-1']);
    expect(runner.started).toHaveLength(1);
  });
});
