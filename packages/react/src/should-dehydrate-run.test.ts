import { dehydrate, hydrate, QueryClient } from '@tanstack/react-query';
import { expect, test } from 'vitest';
import { runView } from '../test-support/hand-driven-runner.ts';
import { agentRunKeys } from './agent-run-keys.ts';
import { shouldDehydrateRun } from './should-dehydrate-run.ts';

function persisted(client: QueryClient): QueryClient {
  const state = dehydrate(client, { shouldDehydrateQuery: shouldDehydrateRun });
  const next = new QueryClient();
  hydrate(next, JSON.parse(JSON.stringify(state)));
  return next;
}

async function failFetch(client: QueryClient, queryKey: readonly unknown[]): Promise<void> {
  const query = client
    .getQueryCache()
    .build(client, { queryKey, queryFn: () => Promise.reject(new Error('offline')) });
  await query.fetch(undefined).catch(() => undefined);
}

test('a run whose last fetch failed stays in the persisted cache', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(agentRunKeys.detail('r'), runView({ runId: 'r' }));
  await failFetch(client, agentRunKeys.detail('r'));
  expect(client.getQueryState(agentRunKeys.detail('r'))?.status).toBe('error');
  expect(persisted(client).getQueryData(agentRunKeys.detail('r'))).toEqual(runView({ runId: 'r' }));
});

test('other queries are kept if TanStack Query keeps them by default', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  client.setQueryData(['posts'], ['one']);
  client.setQueryData(['users'], ['ada']);
  await failFetch(client, ['users']);
  expect(persisted(client).getQueryData(['posts'])).toEqual(['one']);
  expect(persisted(client).getQueryData(['users'])).toBeUndefined();
});

test('a run that was never loaded is not kept', async () => {
  const client = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  await failFetch(client, agentRunKeys.detail('lost'));
  expect(persisted(client).getQueryCache().getAll()).toEqual([]);
});
