import {
  dehydrate,
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { act, cleanup, waitFor } from '@testing-library/react';
import { hydrateRoot } from 'react-dom/client';
import { renderToString } from 'react-dom/server';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { HandDrivenRunner, runView } from '../test-support/hand-driven-runner.ts';
import { weather } from '../test-support/weather.ts';
import { agentRunOptions } from './agent-run-options.ts';
import { LonghaulProvider } from './longhaul-provider.tsx';
import { shouldDehydrateRun } from './should-dehydrate-run.ts';
import { useAgentRun } from './use-agent-run.ts';
import { useAgentRunStatus } from './use-agent-run-status.ts';
import { useElapsed } from './use-elapsed.ts';

function Page(): ReactNode {
  const run = useAgentRun({ agent: weather, runId: 'r' });
  const status = useAgentRunStatus('r');
  return (
    <p>
      {run.status} {status} {run.text} {useElapsed(run.view)}
    </p>
  );
}

function page(runner: HandDrivenRunner, client: QueryClient, state: DehydratedState): ReactNode {
  return (
    <QueryClientProvider client={client}>
      <HydrationBoundary state={state}>
        <LonghaulProvider runner={runner}>
          <Page />
        </LonghaulProvider>
      </HydrationBoundary>
    </QueryClientProvider>
  );
}

/** The output of a server: its HTML, and the cache that it rendered from. */
async function serve(
  runner: HandDrivenRunner,
  prefetch: boolean,
): Promise<{ html: string; state: DehydratedState }> {
  const client = new QueryClient();
  if (prefetch) await client.query(agentRunOptions(runner, 'r', { agent: weather }));
  const state: DehydratedState = JSON.parse(
    JSON.stringify(dehydrate(client, { shouldDehydrateQuery: shouldDehydrateRun })),
  );
  return { html: renderToString(page(runner, new QueryClient(), state)), state };
}

const errors = vi.spyOn(console, 'error');
let container: HTMLElement;

beforeEach(() => {
  errors.mockClear();
  container = document.createElement('div');
  document.body.append(container);
});
afterEach(() => {
  cleanup();
  container.remove();
});

test('a run that a server prefetched is in its HTML, hydrates without a warning, and is followed in the browser', async () => {
  const server = new HandDrivenRunner();
  server.saved.set('r', runView({ runId: 'r', status: 'in_progress', text: 'Half', updatedAt: 1_400 }));
  const { html, state } = await serve(server, true);
  expect(html).toContain('in_progress');
  expect(html).toContain('Half');

  // The browser has already loaded the run when React hydrates, with a newer view than the HTML.
  const browser = new HandDrivenRunner();
  browser.start(weather, 'Umbrella?', { runId: 'r' }).update({ status: 'completed', text: 'Whole' });
  container.innerHTML = html;
  const recovered = vi.fn<(error: unknown) => void>();
  const root = await act(async () =>
    hydrateRoot(container, page(browser, new QueryClient(), state), { onRecoverableError: recovered }),
  );
  await waitFor(() => expect(container.textContent).toContain('completed completed Whole'));
  expect(recovered).not.toHaveBeenCalled();
  expect(errors).not.toHaveBeenCalled();
  act(() => root.unmount());
});

test('without a prefetch, server and browser render idle first, even if their runners have loaded the run', async () => {
  const server = new HandDrivenRunner();
  server.start(weather, 'Umbrella?', { runId: 'r' });
  const { html, state } = await serve(server, false);
  expect(html).toContain('idle');

  const browser = new HandDrivenRunner();
  browser.start(weather, 'Umbrella?', { runId: 'r' }).update({ status: 'in_progress', text: 'Half' });
  container.innerHTML = html;
  const recovered = vi.fn<(error: unknown) => void>();
  const root = await act(async () =>
    hydrateRoot(container, page(browser, new QueryClient(), state), { onRecoverableError: recovered }),
  );
  await waitFor(() => expect(container.textContent).toContain('in_progress in_progress Half'));
  expect(recovered).not.toHaveBeenCalled();
  expect(errors).not.toHaveBeenCalled();
  act(() => root.unmount());
});

test('rendering on a server does not start or resume a run', async () => {
  const server = new HandDrivenRunner();
  server.saved.set('r', runView({ runId: 'r' }));
  await serve(server, false);
  expect(server.resumed).toEqual([]);
  expect(server.listeners).toBe(0);
});
