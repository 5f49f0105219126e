import { createRunner, defineAgent, fetchClient, type Runner } from '@longhaul/core';
import { createEmulator } from '@longhaul/core/testing';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { Profiler, type ReactNode, StrictMode, useEffect, useState } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRunner } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';

const deltas = 100_000;
const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

// These tests run React as a page does: React decides when to render, not the test.
const actFlag = globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean };
const errors = vi.spyOn(console, 'error');

beforeEach(() => {
  actFlag.IS_REACT_ACT_ENVIRONMENT = false;
  errors.mockClear();
});
afterEach(() => {
  actFlag.IS_REACT_ACT_ENVIRONMENT = true;
  cleanup();
  vi.useRealTimers();
});

/** One turn of the event loop, as between two chunks of a response's body. Browsers delay nested timers to 4 ms. */
const { port1, port2 } = new MessageChannel();
function turn(): Promise<void> {
  return new Promise((resolve) => {
    port1.addEventListener('message', () => resolve(), { once: true });
    port1.start();
    port2.postMessage(undefined);
  });
}

function page(runner: Runner, children: ReactNode): ReactNode {
  const Wrapper = wrapperOf(runner);
  return <Wrapper>{children}</Wrapper>;
}

function Answer({ runId, throttleMs }: { runId: string; throttleMs?: number }): ReactNode {
  const run = useAgentRun({ agent: weather, runId, throttleMs });
  return <p role="log">{run.text.length}</p>;
}

function Status({ runId }: { runId: string }): ReactNode {
  return <p role="status">{useAgentRunStatus(runId)}</p>;
}

function Draft(): ReactNode {
  const [draft, setDraft] = useState('');
  return <input value={draft} onChange={(event) => setDraft(event.target.value)} />;
}

describe('100,000 deltas at full speed', () => {
  test('are rendered in at most 25 commits per second, while the page accepts input and narrow hooks do not render', async () => {
    const runner = new HandDrivenRunner();
    const run = runner.start(weather, 'Umbrella?');
    run.update({ status: 'in_progress' });
    const commits = { answer: 0, status: 0 };
    render(
      page(
        runner,
        <>
          <Profiler id="answer" onRender={() => (commits.answer += 1)}>
            <Answer runId={run.id} />
          </Profiler>
          <Profiler id="status" onRender={() => (commits.status += 1)}>
            <Status runId={run.id} />
          </Profiler>
          <Draft />
        </>,
      ),
    );
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('in_progress'));
    const input = screen.getByRole<HTMLInputElement>('textbox');
    commits.answer = 0;
    commits.status = 0;

    const began = performance.now();
    const lengths = new Set<string | null>();
    let typed = '';
    for (let delta = 0; delta < deltas; delta += 1) {
      run.stream('.');
      if (delta % 50 > 0) continue;
      await turn();
      lengths.add(screen.getByRole('log').textContent);
      if (delta % 5_000 > 0) continue;
      // A key that is pressed while text streams is on the screen in the next turn.
      typed += 'x';
      fireEvent.change(input, { target: { value: typed } });
      await turn();
      expect(input.value).toBe(typed);
    }
    const seconds = (performance.now() - began) / 1_000;
    run.update({ status: 'completed' });
    await waitFor(() => expect(screen.getByRole('status').textContent).toBe('completed'));

    expect(screen.getByText(String(deltas))).toBeDefined();
    expect(commits.answer).toBeLessThanOrEqual(25 * seconds + 2);
    expect(commits.answer).toBeGreaterThan(1);
    expect(lengths.size).toBeGreaterThan(1);
    expect(commits.status).toBe(1);
    expect(errors).not.toHaveBeenCalled();
  });

  test('within one task, with commits whenever React schedules them, do not exceed the update depth', async () => {
    const runner = new HandDrivenRunner();
    const run = runner.start(weather, 'Umbrella?');
    function Streaming(): ReactNode {
      useEffect(() => {
        for (let delta = 0; delta < deltas; delta += 1) run.stream('.');
      }, []);
      return <Answer runId={run.id} />;
    }
    render(page(runner, <Streaming />));
    await waitFor(() => expect(screen.getByText(String(deltas))).toBeDefined());
    expect(errors).not.toHaveBeenCalled();
  });

  test('from an emulated stream are all rendered, in at most 25 commits per second', async () => {
    const emulator = createEmulator({
      script: [{ text: '.'.repeat(deltas), deltaSize: 1, queuedMs: 0, runMs: 1_000 }],
    });
    const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
    const runner = createRunner({ client, mode: 'stream' });
    let commits = 0;
    const run = runner.start(agent, 'Count.');
    function Count(): ReactNode {
      const { text, status } = useAgentRun({ agent, runId: run.id });
      return (
        <output>
          {status} {text.length}
        </output>
      );
    }
    const began = performance.now();
    render(
      page(
        runner,
        <Profiler id="count" onRender={() => (commits += 1)}>
          <Count />
        </Profiler>,
      ),
    );
    await run.result();
    const seconds = (performance.now() - began) / 1_000;
    await waitFor(() => expect(screen.getByText(`completed ${deltas}`)).toBeDefined());
    // The text on the screen grows although the stream keeps the thread busy.
    expect(commits).toBeGreaterThan(8);
    // In addition to the text: the first render, and one for each status and for the first delta.
    expect(commits).toBeLessThanOrEqual(25 * seconds + 6);
    expect(errors).not.toHaveBeenCalled();
    await runner.close();
  });
});

test('StrictMode creates one job, even from an effect', async () => {
  const emulator = createEmulator({ script: [{ text: 'Sunny.' }] });
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const runner = createRunner({ client, mode: 'poll', polling: () => 20 });
  function Page(): ReactNode {
    const { start, text } = useAgentRun({ agent });
    useEffect(() => {
      start('Today?');
    }, [start]);
    return <output>{text}</output>;
  }
  render(<StrictMode>{page(runner, <Page />)}</StrictMode>);
  await waitFor(() => expect(screen.getByText('Sunny.')).toBeDefined());
  expect(emulator.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  expect(errors).not.toHaveBeenCalled();
  await runner.close();
});

test('a hidden tab with throttled timers renders the latest text immediately when it becomes visible', async () => {
  const visibility = vi.spyOn(document, 'visibilityState', 'get');
  const show = (state: DocumentVisibilityState): void => {
    visibility.mockReturnValue(state);
    document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
  };
  const runner = new HandDrivenRunner();
  const run = runner.start(weather, 'Umbrella?');
  run.update({ status: 'in_progress' });
  // No timer of this length fires during the test, like the timers of a hidden tab.
  render(page(runner, <Answer runId={run.id} throttleMs={3_600_000} />));
  await waitFor(() => expect(screen.getByText('0')).toBeDefined());
  show('hidden');
  run.stream('first');
  await waitFor(() => expect(screen.getByText('5')).toBeDefined());
  run.stream(' and more');
  await turn();
  expect(screen.getByText('5')).toBeDefined();
  show('visible');
  await waitFor(() => expect(screen.getByText('14')).toBeDefined());
  visibility.mockRestore();
});
