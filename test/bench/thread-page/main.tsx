import { createRunner, fetchClient, type RunSnapshot } from '@longhaul/core';
import { LonghaulProvider, useAgentThread } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type JSX, useEffect } from 'react';
import { createRoot } from 'react-dom/client';
import { countingStore, reader, type StoreCost, threadId } from '../long-thread.ts';

/** The interface of the page for the benchmark. */
declare global {
  interface Window {
    commits: number;
    cost: StoreCost;
    begin(): void;
  }
}

const { store, cost } = countingStore();
const client = fetchClient({ baseURL: '/v1' });
const runner = createRunner({ client, store, agents: [reader], mode: 'stream', continuation: 'chain' });

function Thread(): JSX.Element {
  const { turns, status, send } = useAgentThread({ agent: reader, threadId });
  useEffect(() => {
    window.commits += 1;
    window.begin = () => void send('Write.');
  });
  return (
    <main data-turns={turns.length} data-status={status}>
      {turns.map((turn) => (
        <article key={turn.runId}>
          {turn.parts.map((part) =>
            part.type === 'text' ? (
              <p key={part.key}>{part.text}</p>
            ) : part.type === 'tool' ? (
              <p key={part.key}>{part.call.name}</p>
            ) : null,
          )}
        </article>
      ))}
    </main>
  );
}

const turns = new URLSearchParams(window.location.search).get('turns') ?? '';
const answer = await fetch(`/v1/thread?turns=${turns}`);
const snapshots: readonly RunSnapshot[] = await answer.json();
for (const { head, items } of snapshots) {
  const { runId, revision, commitId } = head;
  await store.commit({ runId, revision, commitId, head, append: items, import: true });
}
Object.assign(cost, { commits: 0, read: 0, written: 0 });
window.cost = cost;
window.commits = 0;
const root = document.getElementById('root');
if (root !== null)
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner}>
        <Thread />
      </LonghaulProvider>
    </QueryClientProvider>,
  );
