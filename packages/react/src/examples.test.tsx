import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { createEmulator, type Script } from '@longhaul/core/testing';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { afterEach, expect, test, vi } from 'vitest';
import { HandDrivenRunner } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { Approvals } from '../examples/approvals.tsx';
import { RunPage, runner as serverRunner } from '../examples/app-router/run-page.tsx';
import { App } from '../examples/quick-start.tsx';
import { Page, serve } from '../examples/server-rendering.tsx';
import { useAgentRun } from './use-agent-run.ts';
import { untilTestEnds } from '../../core/test-support/patience.ts';

afterEach(() => {
  cleanup();
  vi.unstubAllGlobals();
});

function stubApi(script: Script): void {
  const emulator = createEmulator({ script });
  vi.stubGlobal('fetch', (input: string, init?: RequestInit) =>
    emulator.fetch(new URL(input, 'http://page.test'), init),
  );
}

test('the quick start sends the question, runs its tool and shows the answer', async () => {
  stubApi([
    { calls: [{ name: 'get_weather', arguments: { city: 'Paris' } }] },
    { text: 'Leave it at home.' },
  ]);
  render(<App />);
  fireEvent.click(screen.getByText('Ask'));
  expect(await screen.findByText('Leave it at home.', {}, { timeout: untilTestEnds })).toBeDefined();
  expect(screen.getByText('get_weather(Paris) completed')).toBeDefined();
});

test('the server rendering example sends HTML that hydrates without a warning', async () => {
  const errors = vi.spyOn(console, 'error');
  const emulator = createEmulator({ script: [{ text: 'Sunny.' }] });
  const client = fetchClient({ baseURL: 'http://emulator.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, polling: () => 10 });
  const run = runner.start(defineAgent({ name: 'weather', model: 'gpt-6-astra' }), 'Hi');
  await run.result();
  const { html, state } = await serve(runner, run.id);
  expect(html).toContain('Sunny.');

  const container = document.createElement('div');
  container.innerHTML = html;
  const root = await act(async () =>
    hydrateRoot(container, <Page runner={runner} runId={run.id} state={JSON.parse(JSON.stringify(state))} />),
  );
  expect(container.textContent).toBe('completed: Sunny.');
  expect(errors).not.toHaveBeenCalled();
  act(() => root.unmount());
});

test('the server component sends the view of the run, and the browser keeps showing it', async () => {
  stubApi([{ text: 'Sunny.' }]);
  const run = serverRunner.start(defineAgent({ name: 'weather', model: 'gpt-6-astra' }), 'Hi');
  await run.result();

  const page = await RunPage({ params: Promise.resolve({ runId: run.id }) });
  const Wrapper = wrapperOf(new HandDrivenRunner());
  expect(renderToString(<Wrapper>{page}</Wrapper>)).toContain('Sunny.');
  render(<Wrapper>{page}</Wrapper>);
  expect(await screen.findByText('completed: Sunny.')).toBeDefined();
});

test('the approvals example shows the waiting calls, and answers them together', async () => {
  const runner = new HandDrivenRunner();
  const run = runner.start(weather, 'Two tables.');
  const call = { name: 'book', arguments: { seats: 2 }, rawArguments: '{"seats":2}', iteration: 0 };
  run.update({
    status: 'requires_action',
    toolCalls: [
      { ...call, callId: 'c1', status: 'awaiting_approval' },
      { ...call, callId: 'c2', status: 'completed' },
      { ...call, callId: 'c3', status: 'awaiting_approval' },
    ],
  });
  function Panel() {
    return <Approvals run={useAgentRun({ agent: weather, runId: run.id })} />;
  }
  const Wrapper = wrapperOf(runner);
  render(
    <Wrapper>
      <Panel />
    </Wrapper>,
  );
  expect(screen.getAllByText('book {"seats":2}')).toHaveLength(2);
  fireEvent.click(screen.getByText('Allow'));
  await waitFor(() =>
    expect(run.asked).toEqual([
      { type: 'approve', callId: 'c1' },
      { type: 'approve', callId: 'c3' },
    ]),
  );
});
