import {
  ConfigurationError,
  createRunner,
  defineAgent,
  fetchClient,
  memoryStore,
  RunError,
  type Runner,
  type RunStore,
  tool,
} from '@longhaul/core';
import {
  createEmulator,
  type Emulator,
  type Iteration,
  type ManualClock,
  manualClock,
  type Script,
} from '@longhaul/core/testing';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import * as z from 'zod';
import { wrapperOf } from '../test-support/render.tsx';
import { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';
import { useAgentRuns } from './use-agent-runs.ts';

const executed: string[] = [];
const agent = defineAgent({
  name: 'weather',
  model: 'gpt-6-astra',
  tools: [
    tool({
      name: 'get_weather',
      parameters: z.object({ city: z.string() }),
      execute: ({ city }) => {
        executed.push(city);
        return { tempC: 21 };
      },
    }),
    tool({
      name: 'book',
      parameters: z.object({ seats: z.number() }),
      needsApproval: true,
      execute: ({ seats }) => {
        executed.push(`${seats} seats`);
        return 'booked';
      },
    }),
  ],
});

const script: Iteration[] = [
  { calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] },
  { text: 'Leave it at home.' },
];

let clock: ManualClock;
let emulator: Emulator;
let store: RunStore;

function newRunner(iterations: Script = script, mode: 'poll' | 'stream' = 'poll'): Runner {
  emulator = createEmulator({ script: iterations, clock });
  return runnerOn(emulator, mode);
}

function runnerOn(server: Emulator, mode: 'poll' | 'stream' = 'poll'): Runner {
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: server.fetch });
  return createRunner({ client, clock, store, mode, agents: [agent] });
}

function renderRun(runner: Runner, options: Partial<UseAgentRunOptions<typeof agent>> = {}) {
  return renderHook((props: typeof options) => useAgentRun({ agent, ...props }), {
    wrapper: wrapperOf(runner),
    initialProps: options,
    reactStrictMode: true,
  });
}

const pass = (ms: number): Promise<void> => act(async () => await clock.advance(ms));
const creates = (): number =>
  emulator.requests.filter(({ method, path }) => method === 'POST' && path.endsWith('/responses')).length;

beforeEach(() => {
  executed.length = 0;
  clock = manualClock(1_000_000);
  store = memoryStore({ clock });
});
afterEach(cleanup);

describe.each(['poll', 'stream'] as const)('useAgentRun over a real loop, mode %s', (mode) => {
  test('StrictMode creates one job, runs the tool once and shows the answer', async () => {
    const { result } = renderRun(newRunner(script, mode));
    act(() => void result.current.start('Umbrella?'));
    expect(result.current).toMatchObject({ status: 'queued', isActive: true });
    await pass(60_000);
    await waitFor(() => expect(result.current.status).toBe('completed'));
    expect(result.current.text).toBe('Leave it at home.');
    expect(result.current.toolCalls).toMatchObject([
      { name: 'get_weather', arguments: { city: 'Paris' }, status: 'completed', output: { tempC: 21 } },
    ]);
    expect(creates()).toBe(2);
    expect(executed).toEqual(['Paris']);
  });
});

describe('useAgentRun over a real loop', () => {
  test('the run continues while the component is unmounted', async () => {
    const runner = newRunner();
    const { result, unmount } = renderRun(runner);
    act(() => void result.current.start('Umbrella?', { runId: 'r' }));
    unmount();
    await pass(60_000);
    const again = renderRun(runner, { runId: 'r' });
    await waitFor(() => expect(again.result.current.text).toBe('Leave it at home.'));
    expect(creates()).toBe(2);
  });

  test('a reloaded page resumes a run that waits for approval, and approves it', async () => {
    const iterations: Iteration[] = [
      { calls: [{ name: 'book', arguments: { seats: 2 } }] },
      { text: 'Booked.' },
    ];
    const first = newRunner(iterations);
    const before = renderRun(first);
    act(() => void before.result.current.start('Two seats.', { runId: 'r' }));
    await pass(60_000);
    await waitFor(() => expect(before.result.current.status).toBe('requires_action'));
    before.unmount();
    await first.close({ graceMs: 0 });

    const { result } = renderRun(runnerOn(emulator), { runId: 'r' });
    await waitFor(() => expect(result.current.status).toBe('requires_action'));
    const [call] = result.current.toolCalls;
    expect(call).toMatchObject({ name: 'book', status: 'awaiting_approval', arguments: { seats: 2 } });
    await act(async () => await result.current.approve(call?.callId ?? ''));
    await pass(60_000);
    await waitFor(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Booked.' }));
    expect(executed).toEqual(['2 seats']);
    expect(creates()).toBe(2);
  });

  test('send continues a finished run, and retry a failed one', async () => {
    const iterations: Iteration[] = [
      { text: 'Sunny.' },
      { fail: { code: 'insufficient_quota', message: 'No money.' } },
      { text: 'Rainy.' },
    ];
    const answers = iterations.values();
    const { result } = renderRun(newRunner(() => answers.next().value ?? {}));
    act(() => void result.current.start('Today?'));
    await pass(60_000);
    await waitFor(() => expect(result.current.text).toBe('Sunny.'));
    act(() => void result.current.send('Tomorrow?'));
    await pass(60_000);
    await waitFor(() =>
      expect(result.current).toMatchObject({ status: 'failed', error: { code: 'insufficient_quota' } }),
    );
    await act(async () => void (await result.current.retry()));
    await pass(60_000);
    await waitFor(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Rainy.' }));
    expect(creates()).toBe(3);
  });

  test('cancel cancels the response at the server, and detach does not', async () => {
    const iterations: Iteration[] = [{ text: 'Late.', queuedMs: 1_000_000 }];
    const { result } = renderRun(newRunner(iterations));
    act(() => void result.current.start('Today?'));
    await pass(5_000);
    await act(async () => await result.current.detach({ graceMs: 0 }));
    expect(emulator.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(false);
    await act(async () => void (await result.current.retry()));
    await act(async () => {
      const cancelled = result.current.cancel();
      await clock.advance(5_000);
      await cancelled;
    });
    expect(result.current).toMatchObject({ status: 'cancelled', error: { code: expect.any(String) } });
    expect(emulator.requests.some(({ path }) => path.endsWith('/cancel'))).toBe(true);
    expect(creates()).toBe(1);
  });

  test('credentials that expire during polling are shown as an error, and retry continues with the same job', async () => {
    const key = { current: 'good' };
    emulator = createEmulator({ script: [{ text: 'Sunny.', queuedMs: 30_000 }], clock, apiKey: 'good' });
    const client = fetchClient({
      baseURL: 'http://openai.test/v1',
      fetch: emulator.fetch,
      apiKey: () => key.current,
    });
    const { result } = renderRun(createRunner({ client, clock, store, mode: 'poll' }));
    act(() => void result.current.start('Today?'));
    await pass(1_000);
    key.current = 'expired';
    await pass(20_000);
    await waitFor(() => expect(result.current.error?.code).toBe('unauthorized'));
    expect(result.current).toMatchObject({ isTerminal: false, view: { driver: 'none' } });

    key.current = 'good';
    await act(async () => void (await result.current.retry()));
    await pass(60_000);
    await waitFor(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Sunny.' }));
    expect(result.current.error).toBeUndefined();
    expect(creates()).toBe(1);
  });

  test('the id of a run that does not exist results in a configuration error that names it', async () => {
    const { result } = renderRun(newRunner(), { runId: 'lost' });
    await waitFor(() => expect(result.current.error?.message).toContain('"lost"'));
    expect(result.current.error?.code).toBe('configuration');
  });

  test('useAgentRuns lists a run when it starts, and its status when it has completed', async () => {
    const runner = newRunner();
    const { result } = renderHook(
      () => useAgentRuns().data?.map(({ runId, status }) => `${runId} ${status}`),
      {
        wrapper: wrapperOf(runner),
      },
    );
    act(() => void runner.start(agent, 'Umbrella?', { runId: 'r' }));
    await waitFor(() => expect(result.current).toEqual(['r queued']));
    await pass(60_000);
    await waitFor(() => expect(result.current).toEqual(['r completed']));
  });
});

describe('a run that fails because of its configuration', () => {
  test('calls onError and onSettled once with a RunError, without an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    const touching = defineAgent({
      name: 'touching',
      model: 'gpt-6-astra',
      prepareRequest: (request) => ({ ...request, background: false }),
    });
    const told: string[] = [];
    const tell = (what: string, error: unknown): void =>
      void told.push(
        `${what} ${RunError.isInstance(error)} ${ConfigurationError.isInstance(Object(error).cause)}`,
      );
    const { result } = renderHook(
      () =>
        useAgentRun({
          agent: touching,
          onSuccess: () => void told.push('success'),
          onError: (error) => tell('error', error),
          onSettled: (_result, error) => tell('settled', error),
        }),
      { wrapper: wrapperOf(newRunner()), reactStrictMode: true },
    );
    act(() => void result.current.start('Umbrella?'));
    await pass(60_000);
    await waitFor(() => expect(result.current.status).toBe('failed'));
    await waitFor(() => expect(told).toEqual(['error true true', 'settled true true']));
    expect(result.current.error?.code).toBe('configuration');
    await new Promise((resolve) => setTimeout(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
