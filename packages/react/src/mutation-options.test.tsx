import { useMutation } from '@tanstack/react-query';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { cancelRunMutationOptions } from './cancel-run-mutation-options.ts';
import { respondMutationOptions } from './respond-mutation-options.ts';
import { startRunMutationOptions } from './start-run-mutation-options.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';

let runner: HandDrivenRunner;

beforeEach(() => {
  runner = new HandDrivenRunner();
});
afterEach(cleanup);

test('startRunMutationOptions starts a run that a hook with its id shows', async () => {
  const { result } = renderHook(
    () => ({
      start: useMutation(startRunMutationOptions(runner, weather)),
      status: useAgentRunStatus('run-1'),
    }),
    { wrapper: wrapperOf(runner) },
  );
  act(() => result.current.start.mutate('Umbrella?'));
  await waitFor(() => expect(result.current.start.data?.id).toBe('run-1'));
  await waitFor(() => expect(result.current.status).toBe('queued'));
  expect(runner.last.view.input).toBe('Umbrella?');
});

test('startRunMutationOptions accepts input items, and options in addition to the input', async () => {
  const { result } = renderHook(() => useMutation(startRunMutationOptions(runner, weather)), {
    wrapper: wrapperOf(runner),
  });
  const items = [{ type: 'message', role: 'user', content: 'Hi' }] as const;
  await act(async () => void (await result.current.mutateAsync(items)));
  expect(runner.last.view.input).toEqual(items);
  await act(
    async () =>
      void (await result.current.mutateAsync({ input: 'Hi', runId: 'mine', continueFrom: 'run-1' })),
  );
  expect(runner.last.id).toBe('mine');
  expect(runner.last.startOptions).toEqual({ runId: 'mine', continueFrom: 'run-1' });
});

test('cancelRunMutationOptions cancels a loaded run and a saved run', async () => {
  const { result } = renderHook(() => useMutation(cancelRunMutationOptions(runner)), {
    wrapper: wrapperOf(runner),
  });
  const run = runner.start(weather, 'Umbrella?');
  await act(async () => void (await result.current.mutateAsync({ runId: run.id, reason: 'late' })));
  expect(run.asked).toEqual([{ type: 'cancel', reason: 'late' }]);

  runner.saved.set('old', runView({ runId: 'old' }));
  await act(async () => void (await result.current.mutateAsync('old')));
  expect(runner.get('old')?.view.status).toBe('cancelled');
  await waitFor(() => expect(result.current.data?.status).toBe('cancelled'));
});

test('cancelRunMutationOptions rejects for a run that does not exist', async () => {
  const { result } = renderHook(() => useMutation(cancelRunMutationOptions(runner)), {
    wrapper: wrapperOf(runner),
  });
  act(() => result.current.mutate('lost'));
  await waitFor(() =>
    expect(result.current.error?.message).toContain('run "lost" is neither loaded in this runner nor'),
  );
});

test('respondMutationOptions answers several calls together', async () => {
  const { result } = renderHook(() => useMutation(respondMutationOptions(runner)), {
    wrapper: wrapperOf(runner),
  });
  const run = runner.start(weather, 'Umbrella?');
  const decisions = [
    { type: 'approve', callId: 'c1' },
    { type: 'deny', callId: 'c2', reason: 'no' },
  ] as const;
  await act(async () => void (await result.current.mutateAsync({ runId: run.id, decisions })));
  expect(run.asked).toEqual(decisions);
});
