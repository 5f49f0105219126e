import { act, cleanup, render, screen, waitFor } from '@testing-library/react';
import { Component, type ReactNode, StrictMode, Suspense } from 'react';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { wrapperOf } from '../test-support/render.tsx';
import { weather } from '../test-support/weather.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useSuspenseAgentRun } from './use-suspense-agent-run.ts';

class Boundary extends Component<{ children: ReactNode }, { message?: string }> {
  override state: { message?: string } = {};

  static getDerivedStateFromError(error: Error): { message: string } {
    return { message: error.message };
  }

  override render(): ReactNode {
    return this.state.message ?? this.props.children;
  }
}

function Run({ runId }: { runId: string }): ReactNode {
  const run = useSuspenseAgentRun({ agent: weather, runId });
  return `${run.status}: ${run.view.text}`;
}

let runner: HandDrivenRunner;

beforeEach(() => {
  runner = new HandDrivenRunner();
});
afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

async function renderRun(runId: string): Promise<void> {
  const Wrapper = wrapperOf(runner);
  await act(async () => {
    render(
      <Wrapper>
        <main>
          <Boundary>
            <Suspense fallback="loading">
              <Run runId={runId} />
            </Suspense>
          </Boundary>
        </main>
      </Wrapper>,
    );
  });
}

const shown = (): string | null => screen.getByRole('main').textContent;

describe('useSuspenseAgentRun', () => {
  test('suspends until the run is loaded from the store, and then follows it', async () => {
    const gate = Promise.withResolvers<void>();
    runner.gate = gate.promise;
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half' }));
    await renderRun('old');
    expect(shown()).toBe('loading');
    await act(async () => gate.resolve());
    await waitFor(() => expect(shown()).toBe('in_progress: Half'));
    act(() => runner.get('old')?.update({ status: 'completed', text: 'Whole' }));
    expect(shown()).toBe('completed: Whole');
    expect(runner.resumed).toEqual(['old']);
  });

  test('components with and without Suspense resume the same run once and show the same view', async () => {
    const gate = Promise.withResolvers<void>();
    runner.gate = gate.promise;
    runner.saved.set('old', runView({ runId: 'old', status: 'in_progress', text: 'Half' }));
    function Plain(): ReactNode {
      const run = useAgentRun({ agent: weather, runId: 'old' });
      return <p>{run.view?.text ?? 'none'}</p>;
    }
    const Wrapper = wrapperOf(runner);
    await act(async () => {
      render(
        <StrictMode>
          <Wrapper>
            <main>
              <Plain />
              <Suspense fallback="loading">
                <Run runId="old" />
                <Run runId="old" />
              </Suspense>
            </main>
          </Wrapper>
        </StrictMode>,
      );
    });
    expect(shown()).toBe('noneloading');
    await act(async () => gate.resolve());
    await waitFor(() => expect(shown()).toBe('Halfin_progress: Halfin_progress: Half'));
    act(() => runner.get('old')?.update({ status: 'completed', text: 'Whole' }));
    expect(shown()).toBe('Wholecompleted: Wholecompleted: Whole');
    expect(runner.resumed).toEqual(['old']);
  });

  test('shows a failed run without throwing', async () => {
    runner.saved.set('old', runView({ runId: 'old', status: 'failed', text: 'Half' }));
    await renderRun('old');
    await waitFor(() => expect(shown()).toBe('failed: Half'));
  });

  test('throws to the error boundary if the run does not exist', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    await renderRun('lost');
    await waitFor(() => expect(shown()).toBe('run "lost" is not in the store.'));
  });

  test("throws to the error boundary for another agent's run", async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    runner.start('travel', 'Hi', { runId: 'other' });
    await renderRun('other');
    await waitFor(() => expect(shown()).toContain('to agent "travel", not to "weather"'));
  });
});
