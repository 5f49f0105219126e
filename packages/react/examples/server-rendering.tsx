import { type Agent, defineAgent, type Runner } from '@longhaul/core';
import { agentRunOptions, LonghaulProvider, shouldDehydrateRun, useAgentRun } from '@longhaul/react';
import {
  dehydrate,
  type DehydratedState,
  HydrationBoundary,
  QueryClient,
  QueryClientProvider,
} from '@tanstack/react-query';
import { type JSX, useState } from 'react';
import { renderToString } from 'react-dom/server';

const weather: Agent = defineAgent({ name: 'weather', model: 'gpt-6-astra' });

/** On the server: loads the run into a new cache, and returns the HTML and the state of the cache. */
export async function serve(
  runner: Runner,
  runId: string,
): Promise<{ html: string; state: DehydratedState }> {
  const queryClient = new QueryClient();
  await queryClient.query(agentRunOptions(runner, runId, { agent: weather }));
  const state = dehydrate(queryClient, { shouldDehydrateQuery: shouldDehydrateRun });
  return { html: renderToString(<Page runner={runner} runId={runId} state={state} />), state };
}

/** On server and browser. In the browser: hydrateRoot(root, <Page runner={runner} runId={runId} state={state} />). */
export function Page({ runner, runId, state }: PageProps): JSX.Element {
  const [queryClient] = useState(() => new QueryClient());
  return (
    <QueryClientProvider client={queryClient}>
      <HydrationBoundary state={state}>
        <LonghaulProvider runner={runner}>
          <Answer runId={runId} />
        </LonghaulProvider>
      </HydrationBoundary>
    </QueryClientProvider>
  );
}

interface PageProps {
  runner: Runner;
  runId: string;
  state: DehydratedState;
}

function Answer({ runId }: { runId: string }): JSX.Element {
  const run = useAgentRun({ agent: weather, runId });
  return (
    <p>
      {run.status}: {run.text}
    </p>
  );
}
