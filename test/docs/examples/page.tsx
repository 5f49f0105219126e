import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { support } from './server.ts';

const agent = agentRef<typeof support>('support'); // the name and the types, no code
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });
const queryClient = new QueryClient();

function Support() {
  const run = useAgentRun({
    agent,
    runId: location.hash.slice(1) || undefined, // after a reload, the same run
    onRunId: (id = '') => location.replace(`#${id}`),
  });
  const asks = run.toolCalls.filter((call) => call.status === 'awaiting_approval');
  return (
    <main>
      <button disabled={run.isActive} onClick={() => run.start('My order A1 arrived broken.')}>
        Ask
      </button>
      <output>{run.status}</output>
      <p>{run.error?.message ?? run.text}</p>
      {asks.map(({ callId, arguments: order }) => (
        <button key={callId} onClick={() => run.approve(callId)}>
          Refund {order?.orderId}
        </button>
      ))}
    </main>
  );
}

export const App = () => (
  <QueryClientProvider client={queryClient}>
    <LonghaulProvider runner={runner}>
      <Support />
    </LonghaulProvider>
  </QueryClientProvider>
);
