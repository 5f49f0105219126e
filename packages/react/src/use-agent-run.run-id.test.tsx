import { QueryClient } from '@tanstack/react-query';
import { act, cleanup, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRun, HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { renderRun } from '../test-support/render-run.tsx';
import { weather } from '../test-support/weather.ts';
import { agentRunKeys } from './agent-run-keys.ts';

let runner: HandDrivenRunner;

let client: QueryClient;

beforeEach(() => {
  runner = new HandDrivenRunner();
  client = new QueryClient();
});

afterEach(cleanup);

describe('the run of the option runId', () => {
  test('is resumed from the store', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half' }));
    const { result } = renderRun(runner, client, { runId: 'old' });
    expect(result.current).toMatchObject({ status: 'idle', isLoading: true });
    await waitFor(() => expect(result.current.status).toBe('in_progress'));
    expect(result.current).toMatchObject({ text: 'Half', isLoading: false });
    expect(runner.resumed).toEqual(['old']);
    act(() => runner.get('old')?.update({ status: 'completed', text: 'Whole' }));
    expect(result.current).toMatchObject({ status: 'completed', text: 'Whole' });
  });

  test('is resumed even if the persisted cache already shows it', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half and more' }));
    client.setQueryData(
      agentRunKeys.detail('old'),
      runView({ runId: 'old', status: 'in_progress', text: 'Half' }),
    );
    const { result } = renderRun(runner, client, { runId: 'old' });
    expect(result.current).toMatchObject({ status: 'in_progress', text: 'Half', isLoading: false });
    await waitFor(() => expect(result.current.text).toBe('Half and more'));
    expect(runner.resumed).toEqual(['old']);
  });

  test('is not resumed with resume: false', async () => {
    runner.saved.set('old', runView({ runId: 'old' }));
    const { result } = renderRun(runner, client, { runId: 'old', resume: false });
    await act(async () => undefined);
    expect(result.current).toMatchObject({ status: 'idle', isLoading: false });
    expect(runner.resumed).toEqual([]);
  });

  test('results in a configuration error without retries if it does not exist', async () => {
    const { result } = renderRun(runner, client, { runId: 'lost' });
    await waitFor(() => expect(result.current.error).toBeDefined());
    expect(result.current).toMatchObject({
      status: 'idle',
      isLoading: false,
      error: { code: 'configuration', message: 'run "lost" is not in the store.' },
    });
    expect(result.current.query.error).toBeInstanceOf(Error);
    expect(runner.resumed).toEqual(['lost']);
  });

  test('is not shown if it belongs to another agent', async () => {
    runner.live(new HandDrivenRun(runView({ runId: 'other', agent: 'travel', text: 'Bonjour' })));
    const { result } = renderRun(runner, client, { runId: 'other' });
    await waitFor(() =>
      expect(result.current.error?.message).toContain('to agent "travel", not to "weather"'),
    );
    expect(result.current).toMatchObject({ status: 'idle', view: undefined, text: '' });
    await expect(result.current.cancel()).rejects.toMatchObject({ code: 'configuration' });
    expect(runner.get('other')?.asked).toEqual([]);
  });

  test('is shown when the runner starts it later', async () => {
    const { result } = renderRun(runner, client, { runId: 'late' });
    await waitFor(() => expect(result.current.error).toBeDefined());
    act(() => void runner.start(weather, 'Hi', { runId: 'late' }));
    expect(result.current).toMatchObject({ status: 'queued', error: undefined });
  });

  test('is replaced when runId changes, and the previous run continues', () => {
    const one = runner.start(weather, 'One');
    const two = runner.start(weather, 'Two');
    const { result, rerender } = renderRun(runner, client, { runId: one.id });
    act(() => one.update({ text: 'first' }));
    rerender({ runId: two.id });
    expect(result.current).toMatchObject({ runId: two.id, text: '' });
    expect(one.asked).toEqual([]);
    rerender({ runId: undefined });
    expect(result.current.status).toBe('idle');
    rerender({ runId: one.id });
    expect(result.current.text).toBe('first');
  });

  test('is passed to onRunId when it starts, and stays selected until the router updates runId', () => {
    const onRunId = vi.fn<(runId: string | undefined) => void>();
    const { result, rerender } = renderRun(runner, client, { runId: undefined, onRunId });
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
