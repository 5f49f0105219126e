import { type RunError, type RunResult, StoreError, type ToolCallView } from '@longhaul/core';
import { act, cleanup, render, renderHook, waitFor } from '@testing-library/react';
import { Activity, useLayoutEffect, useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRun, HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';

type Options = Partial<UseAgentRunOptions<typeof weather>>;

let runner: HandDrivenRunner;
let told: string[];

beforeEach(() => {
  runner = new HandDrivenRunner();
  told = [];
});
afterEach(cleanup);

/** Callbacks that are new functions on each render, as in components. */
function callbacks(): Options {
  return {
    onSuccess: (result: RunResult<typeof weather>) =>
      void told.push(`success ${result.runId} ${result.text}`),
    onError: (error: RunError) => void told.push(`error ${error.code} ${error.view.runId}`),
    onSettled: (result, error) => void told.push(`settled ${result?.text ?? '-'} ${error?.code ?? '-'}`),
    onToolCall: (call) => void told.push(`call ${call.callId} ${call.name} ${call.status}`),
  };
}

const other: typeof weather = { ...weather, name: 'other' };

function renderRun(options: Options = {}) {
  return renderHook((props: Options) => useAgentRun({ agent: weather, ...callbacks(), ...props }), {
    wrapper: wrapperOf(runner),
    initialProps: options,
    reactStrictMode: true,
  });
}

function callView(callId: string, status: ToolCallView['status'], iteration = 0): ToolCallView {
  return {
    callId,
    name: 'get_weather',
    arguments: { city: 'Paris' },
    rawArguments: '{}',
    status,
    iteration,
  };
}

/** Lets effects and the promises that they await run. */
const settle = (): Promise<void> => act(async () => undefined);

describe('the end of a run', () => {
  test('calls onSuccess and onSettled once when the run completes', async () => {
    const { result, rerender } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'completed', text: 'Yes.' }));
    await settle();
    rerender({});
    await settle();
    expect(told).toEqual(['success run-1 Yes.', 'settled Yes. -']);
  });

  test.each(['failed', 'incomplete'] as const)(
    'calls onError and onSettled once when the run ends as %s',
    async (status) => {
      const { result } = renderRun();
      act(() => void result.current.start('Umbrella?'));
      act(() => runner.last.update({ status, error: { code: 'max_iterations', message: 'Enough.' } }));
      await settle();
      expect(told).toEqual(['error max_iterations run-1', 'settled - max_iterations']);
    },
  );

  test('calls only onSettled when the run is cancelled', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    await act(async () => void (await result.current.cancel()));
    expect(told).toEqual(['settled - cancelled']);
  });

  test('is reported even if the run ends before its first render', async () => {
    const { result } = renderRun();
    act(() => {
      result.current.start('Umbrella?');
      runner.last.update({ status: 'completed', text: 'Yes.', toolCalls: [callView('c1', 'completed')] });
    });
    await settle();
    expect(told).toEqual(['call c1 get_weather completed', 'success run-1 Yes.', 'settled Yes. -']);
  });

  test('is reported even if onRunId sets runId before the first render', async () => {
    const { result } = renderHook(
      () => {
        const [runId, setRunId] = useState<string>();
        return useAgentRun({ agent: weather, runId, onRunId: setRunId, ...callbacks() });
      },
      { wrapper: wrapperOf(runner) },
    );
    act(() => {
      result.current.start('Umbrella?');
      runner.last.update({ status: 'completed', text: 'Yes.' });
    });
    await settle();
    expect(told).toEqual(['success run-1 Yes.', 'settled Yes. -']);
  });

  test('is not reported again when the usage of a cancelled response arrives later', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    await act(async () => void (await result.current.cancel()));
    act(() => runner.last.update({ usage: { ...runner.last.view.usage, totalTokens: 7 } }));
    await waitFor(() => expect(result.current.usage.totalTokens).toBe(7));
    await settle();
    expect(told).toEqual(['settled - cancelled']);
  });

  test('is not reported for a run that had ended when the hook first saw it', async () => {
    runner.live(new HandDrivenRun(runView({ runId: 'live', status: 'completed' })));
    runner.saved.set('saved', runView({ runId: 'saved', status: 'failed' }));
    const { result, rerender } = renderRun({ runId: 'live' });
    await settle();
    rerender({ runId: 'saved' });
    await waitFor(() => expect(result.current.status).toBe('failed'));
    await settle();
    expect(told).toEqual([]);
  });

  test('is reported for a run that the component did not start and that was active when it first saw it', async () => {
    const run = runner.start(weather, 'Umbrella?');
    renderRun({ runId: run.id });
    act(() => run.update({ status: 'completed', text: 'Yes.' }));
    await settle();
    expect(told).toEqual(['success run-1 Yes.', 'settled Yes. -']);
  });

  test('is reported for each turn of a conversation', async () => {
    const { result } = renderRun();
    for (const text of ['One', 'Two']) {
      act(() => void result.current.send(text));
      act(() => runner.last.update({ status: 'completed', text }));
      await settle();
    }
    expect(told).toEqual(['success run-1 One', 'settled One -', 'success run-2 Two', 'settled Two -']);
  });

  test('is reported for each turn, even if the next turn is sent when the previous one ends', async () => {
    const { result } = renderHook(
      () => {
        const run = useAgentRun({ agent: weather, ...callbacks() });
        const { runId, status, send } = run;
        useLayoutEffect(() => {
          if (runId === 'run-1' && status === 'completed') send('And tomorrow?');
        }, [runId, status, send]);
        return run;
      },
      { wrapper: wrapperOf(runner) },
    );
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'completed', text: 'One' }));
    await settle();
    expect(told).toEqual(['success run-1 One', 'settled One -']);
    act(() => runner.last.update({ status: 'completed', text: 'Two' }));
    await settle();
    expect(told.slice(2)).toEqual(['success run-2 Two', 'settled Two -']);
  });

  test('is not reported to an unmounted component, nor again after it is mounted again', async () => {
    const first = renderRun();
    act(() => void first.result.current.start('Umbrella?'));
    first.unmount();
    runner.last.update({ status: 'completed' });
    await settle();
    renderRun({ runId: 'run-1' });
    await settle();
    expect(told).toEqual([]);
  });

  test('calls nothing after a component unmounts, even if it was waiting for the result', async () => {
    const { result, unmount } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    const read = Promise.withResolvers<RunResult>();
    vi.spyOn(runner.last, 'result').mockReturnValue(read.promise);
    act(() => runner.last.update({ status: 'completed', text: 'Yes.' }));
    unmount();
    read.reject(new StoreError('unavailable', 'The store is away.'));
    await settle();
    expect(told).toEqual([]);
  });

  test('calls the callbacks of a hidden component when it is shown again', async () => {
    const run = runner.live(new HandDrivenRun(runView({ runId: 'live', status: 'in_progress' })));
    const Wrapper = wrapperOf(runner);
    function Watcher(): null {
      useAgentRun({ agent: weather, runId: 'live', ...callbacks() });
      return null;
    }
    const page = (mode: 'visible' | 'hidden') => (
      <Wrapper>
        <Activity mode={mode}>
          <Watcher />
        </Activity>
      </Wrapper>
    );
    const { rerender } = render(page('visible'));
    const read = Promise.withResolvers<RunResult>();
    const result = vi.spyOn(run, 'result').mockReturnValue(read.promise);
    act(() => run.update({ status: 'completed', text: 'Yes.' }));
    rerender(page('hidden'));
    result.mockRestore();
    read.resolve(await run.result());
    await settle();
    expect(told).toEqual([]);
    rerender(page('visible'));
    await settle();
    expect(told).toEqual(['success live Yes.', 'settled Yes. -']);
  });

  test('calls the callback of the latest render', async () => {
    const late = vi.fn<() => void>();
    const { result, rerender } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    rerender({ onSuccess: late });
    act(() => runner.last.update({ status: 'completed', text: 'Yes.' }));
    await settle();
    expect(late).toHaveBeenCalledTimes(1);
    expect(told).toEqual(['settled Yes. -']);
  });

  test('is reported as a RunError even if the result cannot be read', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    vi.spyOn(runner.last, 'result').mockRejectedValue(new StoreError('unavailable', 'The store is away.'));
    act(() => runner.last.update({ status: 'failed' }));
    await settle();
    expect(told).toEqual(['error unavailable run-1', 'settled - unavailable']);
  });

  test('of a cancelled run calls only onSettled, even if the result cannot be read', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    vi.spyOn(runner.last, 'result').mockRejectedValue(new StoreError('unavailable', 'The store is away.'));
    act(() => runner.last.update({ status: 'cancelled' }));
    await settle();
    expect(told).toEqual(['settled - unavailable']);
  });

  test('is reported once if the agent changes to another one and back', async () => {
    const { result, rerender } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() => {
      runner.last.update({ status: 'completed', text: 'Yes.', toolCalls: [callView('c1', 'completed')] });
    });
    await settle();
    for (const agent of [other, weather, other, weather]) {
      rerender({ agent });
      await settle();
    }
    expect(told).toEqual(['call c1 get_weather completed', 'success run-1 Yes.', 'settled Yes. -']);
  });

  test('is reported once even if another run is shown in between', async () => {
    const toolCalls = [callView('c1', 'awaiting_approval')];
    const run = runner.live(
      new HandDrivenRun(runView({ runId: 'one', status: 'requires_action', toolCalls })),
    );
    runner.live(new HandDrivenRun(runView({ runId: 'two', status: 'completed' })));
    const { rerender } = renderRun({ runId: 'one' });
    for (const runId of ['two', 'one', 'two']) {
      rerender({ runId });
      await settle();
    }
    act(() => run.update({ status: 'completed', text: 'Yes.' }));
    for (const runId of ['one', 'two', 'one']) {
      rerender({ runId });
      await settle();
    }
    expect(told).toEqual(['call c1 get_weather awaiting_approval', 'success one Yes.', 'settled Yes. -']);
  });

  test('calls the other callbacks if one throws, and reports the error', async () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const thrown = new Error('a bug in the page');
    const fails = (): never => {
      throw thrown;
    };
    const { result } = renderRun({ onError: fails, onSuccess: fails, onToolCall: fails });
    for (const status of ['failed', 'completed'] as const) {
      act(() => void result.current.start('Umbrella?'));
      act(() => runner.last.update({ status, text: 'Yes.', toolCalls: [callView('c1', 'completed')] }));
      await settle();
    }
    expect(told).toEqual(['settled - failed', 'settled Yes. -']);
    expect(reported.mock.calls.filter((args) => args.includes(thrown))).toHaveLength(4);
    reported.mockRestore();
  });

  test('is not reported for an active run whose driving stopped', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    await act(async () => await result.current.detach());
    await settle();
    expect(told).toEqual([]);
  });
});

describe('onToolCall', () => {
  test('is called once for each call, and does not answer it', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    act(() => runner.last.update({ status: 'running_tools', toolCalls: [callView('c1', 'running')] }));
    act(() => runner.last.update({ status: 'in_progress', toolCalls: [callView('c1', 'completed')] }));
    act(() => {
      runner.last.update({
        status: 'running_tools',
        toolCalls: [callView('c1', 'completed'), callView('c2', 'running')],
      });
    });
    await settle();
    expect(told).toEqual(['call c1 get_weather running', 'call c2 get_weather running']);
    expect(runner.last.asked).toEqual([]);
  });

  test('is called for a call whose id an earlier iteration has used', async () => {
    const { result } = renderRun();
    act(() => void result.current.start('Umbrella?'));
    const first = callView('c1', 'completed');
    act(() => runner.last.update({ status: 'in_progress', toolCalls: [first] }));
    const toolCalls = [first, callView('c1', 'running', 1)];
    act(() => runner.last.update({ status: 'running_tools', toolCalls }));
    await settle();
    expect(told).toEqual(['call c1 get_weather completed', 'call c1 get_weather running']);
  });

  test('is called for calls of a resumed run that still wait, not for settled calls', async () => {
    const toolCalls = [callView('c1', 'completed'), callView('c2', 'awaiting_approval')];
    runner.live(new HandDrivenRun(runView({ runId: 'live', status: 'requires_action', toolCalls })));
    renderRun({ runId: 'live' });
    await settle();
    expect(told).toEqual(['call c2 get_weather awaiting_approval']);
  });
});
