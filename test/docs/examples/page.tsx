import { viewParts } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { createRoot } from 'react-dom/client';
import type { support } from './server.ts';

const agent = agentRef<typeof support>('support'); // the name and the types, no code
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });
const showInUrl = (runId = '') => location.replace(`#${runId}`); // after a reload, the same run

function Support() {
  const run = useAgentRun({ agent, runId: location.hash.slice(1) || undefined, onRunId: showInUrl });
  const parts = run.view ? viewParts(run.view) : []; // texts, calls, images, … in order
  return (
    <main>
      <button onClick={() => run.start('My order A1 arrived broken.')}>Ask</button>
      <output>{run.error?.message ?? run.status}</output>
      {parts.map((part) => {
        if (part.type === 'text') return <p key={part.key}>{part.text}</p>;
        if (part.type !== 'tool' || part.call.status !== 'awaiting_approval') return null;
        const { callId, arguments: order } = part.call;
        const refund = () => run.approve(callId);
        return <button key={part.key} onClick={refund}>{`Refund ${order?.orderId}`}</button>;
      })}
    </main>
  );
}

createRoot(document.body).render(
  <QueryClientProvider client={new QueryClient()}>
    <LonghaulProvider runner={runner}>
      <Support />
    </LonghaulProvider>
  </QueryClientProvider>,
);
