import { createRunner, fetchClient, memoryStore, type Runner } from '@longhaul/core';
import { agentRunOptions } from '@longhaul/react';
import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query';
import type { JSX } from 'react';
import { Answer } from './answer.tsx';

// One runner for the server process. Replace memoryStore() with the store that the runs are saved to.
export const runner: Runner = createRunner({
  client: fetchClient({ baseURL: 'https://api.openai.com/v1' }),
  store: memoryStore(),
});

/** A server component. It only reads the run, and does not affect the process that drives it. */
export async function RunPage({ params }: PageProps): Promise<JSX.Element> {
  const { runId } = await params;
  const queryClient = new QueryClient();
  const view = await runner.read(runId);
  if (view !== undefined) queryClient.setQueryData(agentRunOptions(runner, runId).queryKey, view);
  return (
    <HydrationBoundary state={dehydrate(queryClient)}>
      <Answer runId={runId} />
    </HydrationBoundary>
  );
}

interface PageProps {
  params: Promise<{ runId: string }>;
}
