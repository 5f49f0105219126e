import { ConfigurationError, defineAgent, RunError, tool } from '@longhaul/core';
import type { Iteration } from '@longhaul/core/testing';
import { act, cleanup, renderHook, waitFor } from '@testing-library/react';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import * as z from 'zod';
import { onAServer, places } from '../test-support/places.ts';
import { renderAgentRun } from '../test-support/render-agent-run.tsx';
import { wrapperOf } from '../test-support/render.tsx';
import type { Site, SiteOptions } from '../test-support/site.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRuns } from './use-agent-runs.ts';

const executed: string[] = [];
const weather = defineAgent({
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

const touching = defineAgent({
  name: 'touching',
  model: 'gpt-6-astra',
  prepareRequest: (request) => ({ ...request, background: false }),
});

beforeEach(() => {
  executed.length = 0;
});
afterEach(cleanup);

describe.each(places)('useAgentRun over a real loop $name', (place) => {
  const agent = place.refer(weather);
  const open = (options: Partial<SiteOptions> = {}): Promise<Site> =>
    place.open({ agents: [weather, touching], script, ...options });

  test.each(['poll', 'stream'] as const)(
    'StrictMode creates one job, runs the tool once and shows the answer, mode %s',
    async (mode) => {
      const site = await open({ mode });
      const { result } = renderAgentRun(site.openPage(), { agent });
      act(() => void result.current.start('Umbrella?'));
      expect(result.current).toMatchObject({ status: 'queued', isActive: true });
      await site.until(() => expect(result.current.status).toBe('completed'));
      expect(result.current.text).toBe('Leave it at home.');
      expect(result.current.toolCalls).toMatchObject([
        { name: 'get_weather', arguments: { city: 'Paris' }, status: 'completed', output: { tempC: 21 } },
      ]);
      expect(site.creates).toBe(2);
      expect(executed).toEqual(['Paris']);
    },
  );

  test('text that streams grows, and is never replaced by older text', async () => {
    const text = 'The umbrella stays at home, because the sun will shine. '.repeat(20);
    const site = await open({ mode: 'stream', script: [{ text, runMs: 60_000 }] });
    const { result } = renderAgentRun(site.openPage(), { agent });
    act(() => void result.current.start('Umbrella?'));
    const shown: string[] = [];
    await site.until(() => {
      shown.push(result.current.text);
      expect(result.current.status).toBe('completed');
    });
    expect(result.current.text).toBe(text);
    expect(shown.toSorted((a, b) => a.length - b.length)).toEqual(shown);
    expect(shown.every((part) => text.startsWith(part))).toBe(true);
    expect(new Set(shown).size).toBeGreaterThan(3);
  });

  test('the run continues while the component is unmounted', async () => {
    const site = await open();
    const page = site.openPage();
    const { result, unmount } = renderAgentRun(page, { agent });
    act(() => void result.current.start('Umbrella?', { runId: 'r' }));
    unmount();
    await site.until(() => expect(site.creates).toBe(2));
    const again = renderAgentRun(page, { agent, runId: 'r' });
    await site.until(() => expect(again.result.current.text).toBe('Leave it at home.'));
    expect(site.creates).toBe(2);
  });

  test('a reloaded page resumes a run that waits for approval, and approves it', async () => {
    const site = await open({
      script: [{ calls: [{ name: 'book', arguments: { seats: 2 } }] }, { text: 'Booked.' }],
    });
    const first = site.openPage();
    const before = renderAgentRun(first, { agent });
    act(() => void before.result.current.start('Two seats.', { runId: 'r' }));
    await site.until(() => expect(before.result.current.status).toBe('requires_action'));
    before.unmount();
    await first.close({ graceMs: 0 });

    const { result } = renderAgentRun(site.openPage(), { agent, runId: 'r' });
    await site.until(() => expect(result.current.status).toBe('requires_action'));
    const [call] = result.current.toolCalls;
    expect(call).toMatchObject({ name: 'book', status: 'awaiting_approval', arguments: { seats: 2 } });
    await act(() => site.during(() => result.current.approve(call?.callId ?? '')));
    await site.until(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Booked.' }));
    expect(executed).toEqual(['2 seats']);
    expect(site.creates).toBe(2);
  });

  test('send continues a finished run, and retry a failed one', async () => {
    const iterations: Iteration[] = [
      { text: 'Sunny.' },
      { fail: { code: 'insufficient_quota', message: 'No money.' } },
      { text: 'Rainy.' },
    ];
    const answers = iterations.values();
    const site = await open({ script: () => answers.next().value ?? {} });
    const { result } = renderAgentRun(site.openPage(), { agent });
    act(() => void result.current.start('Today?'));
    await site.until(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Sunny.' }));
    act(() => void result.current.send('Tomorrow?'));
    await site.until(() =>
      expect(result.current).toMatchObject({ status: 'failed', error: { code: 'insufficient_quota' } }),
    );
    await act(async () => void (await result.current.retry()));
    await site.until(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Rainy.' }));
    expect(site.creates).toBe(3);
  });

  test('cancel cancels the response at the API, and detach does not', async () => {
    const site = await open({ script: [{ text: 'Late.', queuedMs: 10_000_000 }] });
    const cancelled = (): boolean => site.emulator.requests.some(({ path }) => path.endsWith('/cancel'));
    const { result } = renderAgentRun(site.openPage(), { agent });
    act(() => void result.current.start('Today?'));
    await site.until(() => expect(result.current.waiting).toMatchObject({ responseStatus: 'queued' }));
    await act(() => site.during(() => result.current.detach({ graceMs: 0 })));
    expect(cancelled()).toBe(false);
    await act(() => site.during(() => result.current.retry()));
    await act(() => site.during(() => result.current.cancel()));
    expect(result.current).toMatchObject({ status: 'cancelled', error: { code: expect.any(String) } });
    expect(cancelled()).toBe(true);
    expect(site.creates).toBe(1);
  });

  test('credentials of the API that expire stop the run, and retry continues with the same job', async () => {
    const key = { current: 'good' };
    const site = await open({
      script: [{ text: 'Sunny.', queuedMs: 30_000 }],
      apiKey: 'good',
      sentKey: () => key.current,
    });
    const { result } = renderAgentRun(site.openPage(), { agent });
    act(() => void result.current.start('Today?'));
    await site.until(() => expect(result.current.waiting).toMatchObject({ responseStatus: 'queued' }));
    key.current = 'expired';
    await site.until(() => expect(result.current.view?.driver).toBe('none'));
    expect(result.current).toMatchObject({ isTerminal: false });
    // Only the operator of a server sees why it has stopped.
    await site.until(() =>
      expect(result.current.error?.code).toBe(place === onAServer ? undefined : 'unauthorized'),
    );

    key.current = 'good';
    await act(() => site.during(() => result.current.retry()));
    await site.until(() => expect(result.current).toMatchObject({ status: 'completed', text: 'Sunny.' }));
    expect(result.current.error).toBeUndefined();
    expect(site.creates).toBe(1);
  });

  test('the id of a run that does not exist results in an error that names it', async () => {
    const site = await open();
    const { result } = renderAgentRun(site.openPage(), { agent, runId: 'lost' });
    await site.until(() => expect(result.current.error?.message).toContain('lost'));
    expect(result.current.error?.code).toBe(place === onAServer ? 'not_found' : 'configuration');
  });

  test('useAgentRuns lists a run when it starts, and its status when it has completed', async () => {
    const site = await open();
    const page = site.openPage();
    const { result } = renderHook(
      () => useAgentRuns().data?.map(({ runId, status }) => `${runId} ${status}`),
      { wrapper: wrapperOf(page) },
    );
    act(() => void page.start(agent, 'Umbrella?', { runId: 'r' }));
    await waitFor(() => expect(result.current).toEqual(['r queued']));
    await site.until(() => expect(result.current).toEqual(['r completed']));
  });

  test('useAgentRuns no longer lists the runs of a deleted branch, which the page may not have loaded', async () => {
    const site = await open({ script: () => ({ text: 'Hello.' }) });
    const first = site.openPage();
    for (const [runId, continueFrom] of [
      ['one', undefined],
      ['two', 'one'],
      ['three', 'two'],
    ] as const)
      await site.during(() => first.start(agent, 'Umbrella?', { runId, continueFrom }).result());
    const page = site.openPage();
    const { result } = renderHook(() => useAgentRuns().data?.map(({ runId }) => runId), {
      wrapper: wrapperOf(page),
    });
    await site.until(() => expect(result.current?.toSorted()).toEqual(['one', 'three', 'two']));
    await act(() => site.during(() => page.delete('two', { branch: true })));
    await site.until(() => expect(result.current).toEqual(['one']));
  });

  test('a run that fails because of its configuration calls onError and onSettled once, without an unhandled rejection', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown): void => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    onTestFinished(() => void process.off('unhandledRejection', note));
    const reported: string[] = [];
    const report = (what: string, error: unknown): void =>
      void reported.push(
        `${what} ${RunError.isInstance(error)} ${ConfigurationError.isInstance(Object(error).cause)}`,
      );
    const site = await open();
    const { result } = renderHook(
      () =>
        useAgentRun({
          agent: place.refer(touching),
          onSuccess: () => void reported.push('success'),
          onError: (error) => report('error', error),
          onSettled: (_result, error) => report('settled', error),
        }),
      { wrapper: wrapperOf(site.openPage()), reactStrictMode: true },
    );
    act(() => void result.current.start('Umbrella?'));
    await site.until(() => expect(result.current.status).toBe('failed'));
    await site.until(() => expect(reported).toEqual(['error true true', 'settled true true']));
    expect(result.current.error?.code).toBe('configuration');
    await new Promise((resolve) => setTimeout(resolve));
    expect(unhandled).toEqual([]);
  });
});
