import {
  dehydrate,
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
  useQuery,
} from '@tanstack/react-query';
import { act, cleanup, render, renderHook, screen } from '@testing-library/react';
import { Component, type ReactNode, StrictMode, Suspense } from 'react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import { defineAgent, type Runner } from '@longhaul/core';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { places } from '../test-support/places.ts';
import { renderAgentRun } from '../test-support/render-agent-run.tsx';
import { wrapperOf } from '../test-support/render.tsx';
import type { Site } from '../test-support/site.ts';
import { outputOf, support, supportModel } from '../test-support/support-agent.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { LonghaulProvider } from './longhaul-provider.tsx';
import { shouldDehydrateRun } from './should-dehydrate-run.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRuns } from './use-agent-runs.ts';
import { useSuspenseAgentRun } from './use-suspense-agent-run.ts';

afterEach(() => {
  cleanup();
  vi.restoreAllMocks();
});

const other = defineAgent({ name: 'other', model: 'gpt-6-astra' });

class Boundary extends Component<{ children: ReactNode }, { message?: string }> {
  override state: { message?: string } = {};

  static getDerivedStateFromError(error: Error): { message: string } {
    return { message: error.message };
  }

  override render(): ReactNode {
    return this.state.message ?? this.props.children;
  }
}

describe.each(places)('pages that show runs $name', (place) => {
  const agent = place.refer(support);
  const open = (): Promise<Site> => place.open({ agents: [support, other], script: supportModel });

  /** Starts a run in a page, and closes the page when the run has this status. */
  async function startAndClose(site: Site, input: string, status: string): Promise<void> {
    const page = site.openPage();
    const { result, unmount } = renderAgentRun(page, { agent });
    act(() => void result.current.start(input, { runId: 'r' }));
    await site.until(() => expect(result.current.status).toBe(status));
    unmount();
    await page.close({ graceMs: 0 });
  }

  function Run({ runId }: { readonly runId: string }): ReactNode {
    const run = useSuspenseAgentRun({ agent, runId });
    return `${run.status}: ${run.output?.answer ?? 'no answer'}`;
  }

  function renderWithSuspense(page: Runner, runIds: readonly string[]): () => string | null {
    const Wrapper = wrapperOf(page);
    render(
      <StrictMode>
        <Wrapper>
          <main>
            {runIds.map((runId, at) => (
              <Boundary key={at}>
                <Suspense fallback="loading ">
                  <Run runId={runId} />
                </Suspense>
              </Boundary>
            ))}
          </main>
        </Wrapper>
      </StrictMode>,
    );
    return () => screen.getByRole('main').textContent;
  }

  test('a page that is opened again shows an active run, and starts nothing', async () => {
    const site = await open();
    await startAndClose(site, 'Wait', 'in_progress');
    const { result } = renderAgentRun(site.openPage(), { agent, runId: 'r' });
    expect(result.current).toMatchObject({ status: 'idle', isLoading: true });
    await site.until(() => expect(result.current.status).toBe('in_progress'));
    await act(() => site.during(() => result.current.cancel()));
    expect(result.current.status).toBe('cancelled');
    expect(site.creates).toBe(1);
  });

  test('two pages show one approval. One of them approves, and both show the end', async () => {
    const site = await open();
    const first = renderAgentRun(site.openPage(), { agent }).result;
    act(() => void first.current.start('Refund A1', { runId: 'r' }));
    await site.until(() => expect(first.current.status).toBe('requires_action'));
    const second = renderAgentRun(site.openPage(), { agent, runId: 'r' }).result;
    await site.until(() => expect(second.current.status).toBe('requires_action'));
    expect(second.current.toolCalls).toEqual(first.current.toolCalls);

    await act(() => site.during(() => second.current.approve('call_refund')));
    await site.until(() => expect(first.current.status).toBe('completed'));
    await site.until(() => expect(second.current.status).toBe('completed'));
    expect(first.current.output).toEqual(outputOf('{"refunded":"A1"}'));
    expect(second.current.output).toEqual(first.current.output);
    await expect(first.current.deny('call_refund')).rejects.toMatchObject({ name: 'DecisionError' });
    expect(site.creates).toBe(2);
  });

  test('components with Suspense wait until the run is loaded, and then follow it', async () => {
    const site = await open();
    await startAndClose(site, 'Refund A1', 'requires_action');
    const page = site.openPage();
    const text = renderWithSuspense(page, ['r', 'r']);
    expect(text()).toBe('loading loading ');
    await site.until(() => expect(text()).toBe('requires_action: no answerrequires_action: no answer'));
    const run = page.get('r');
    await act(() => site.during(async () => run?.approve('call_refund')));
    await site.until(() => expect(text()).toBe('completed: {"refunded":"A1"}completed: {"refunded":"A1"}'));
    expect(site.creates).toBe(2);
  });

  test('a component with Suspense throws to the error boundary if the run does not exist', async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const site = await open();
    const text = renderWithSuspense(site.openPage(), ['lost']);
    await site.until(() => expect(text()).toContain('lost'));
  });

  test("another agent's run is an error that names both agents", async () => {
    vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const site = await open();
    const page = site.openPage();
    page.start(place.refer(other), 'Refund A1', { runId: 'r' });
    await site.until(() => expect(site.creates).toBe(1));
    for (const opened of [page, site.openPage()]) {
      const { result } = renderAgentRun(opened, { agent, runId: 'r' });
      const text = renderWithSuspense(opened, ['r']);
      const problem = /belongs to (the )?agent "other", not to "support"/;
      await site.until(() => expect(result.current.error?.message).toMatch(problem));
      expect(result.current).toMatchObject({
        status: 'idle',
        view: undefined,
        error: { code: 'configuration' },
      });
      await site.until(() => expect(text()).toMatch(problem));
      cleanup();
    }
  });

  test('useAgentRuns filters and orders the runs of all pages, and follows a deletion', async () => {
    const site = await open();
    await startAndClose(site, 'Refund A1', 'requires_action');
    const page = site.openPage();
    const { result } = renderHook(
      () => ({
        all: useAgentRuns({ agent: 'support' }).data?.map(({ runId, status }) => `${runId} ${status}`),
        ended: useAgentRuns({ status: ['completed', 'failed'] }).data?.map(({ runId }) => runId),
      }),
      { wrapper: wrapperOf(page), reactStrictMode: true },
    );
    await site.until(() => expect(result.current).toEqual({ all: ['r requires_action'], ended: [] }));
    act(() => void page.start(agent, 'Say hello', { runId: 'later' }));
    await site.until(() =>
      expect(result.current).toEqual({ all: ['later completed', 'r requires_action'], ended: ['later'] }),
    );
    await act(() => site.during(() => page.delete('later')));
    await site.until(() => expect(result.current).toEqual({ all: ['r requires_action'], ended: [] }));
  });

  test('useQuery with agentRunOptions follows a run without a LonghaulProvider', async () => {
    const site = await open();
    await startAndClose(site, 'Locate me', 'requires_action');
    const page = site.openPage();
    const client = new QueryClient();
    const { result } = renderHook(() => useQuery(agentRunOptions(page, 'r', { agent })).data, {
      wrapper: ({ children }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>,
    });
    await site.until(() => expect(result.current?.status).toBe('requires_action'));
    await act(() => site.during(async () => page.get('r')?.submitToolOutput('call_locate', 'Rome')));
    await site.until(() => expect(result.current?.output).toEqual(outputOf('Rome')));
  });

  test('a run that another process has rendered hydrates without a warning, and is then followed', async () => {
    const errors = vi.spyOn(console, 'error');
    const site = await open();
    await startAndClose(site, 'Refund A1', 'requires_action');
    function Answer(): ReactNode {
      const run = useAgentRun({ agent, runId: 'r' });
      return `${run.status}: ${run.output?.answer ?? 'no answer'}`;
    }
    const tree = (runner: Runner, state: DehydratedState): ReactNode => (
      <QueryClientProvider client={new QueryClient()}>
        <HydrationBoundary state={state}>
          <LonghaulProvider runner={runner}>
            <Answer />
          </LonghaulProvider>
        </HydrationBoundary>
      </QueryClientProvider>
    );
    const renderer = site.newRunner();
    const client = new QueryClient();
    await site.during(() => client.query(agentRunOptions(renderer, 'r', { agent: support })));
    const state: DehydratedState = JSON.parse(
      JSON.stringify(dehydrate(client, { shouldDehydrateQuery: shouldDehydrateRun })),
    );
    const html = renderToString(tree(renderer, state));
    expect(html).toBe('requires_action: no answer');
    await renderer.close({ graceMs: 0 });

    const page = site.openPage();
    const container = document.createElement('div');
    container.innerHTML = html;
    const root = await act(async () => hydrateRoot(container, tree(page, state)));
    await site.until(() => expect(page.get('r')?.view.status).toBe('requires_action'));
    await act(() => site.during(async () => page.get('r')?.approve('call_refund')));
    await site.until(() => expect(container.textContent).toBe('completed: {"refunded":"A1"}'));
    expect(errors).not.toHaveBeenCalled();
    act(() => root.unmount());
  });
});
