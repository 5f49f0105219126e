import { createRunner, defineAgent, fetchClient, tool, viewParts } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import * as z from 'zod';

const saveNote = tool({
  name: 'save_note',
  description: 'Saves a note in this browser.',
  parameters: z.object({ text: z.string() }),
  needsApproval: true,
  execute: ({ text }) => localStorage.setItem('note', text),
});
const agent = defineAgent({ name: 'notes', model: 'gpt-6-astra', tools: [saveNote] });
const client = fetchClient({ baseURL: '/v1' }); // your server, so that the key never reaches the page
const runner = createRunner({ client, agents: [agent], store: indexedDbStore({ name: 'notes' }) });
const queryClient = new QueryClient();

function Notes() {
  const run = useAgentRun({
    agent,
    runId: location.hash.slice(1) || undefined, // after a reload, the same run
    onRunId: (id = '') => location.replace(`#${id}`),
  });
  const parts = run.view ? viewParts(run.view) : []; // texts, calls, images, … in order
  return (
    <main>
      <button disabled={run.isActive} onClick={() => run.start('Note what I must not forget today.')}>
        Ask
      </button>
      <output>{run.error?.message ?? run.status}</output>
      {parts.map((part) => {
        if (part.type === 'text') return <p key={part.key}>{part.text}</p>;
        if (part.type !== 'tool' || part.call.status !== 'awaiting_approval') return null;
        const { callId, arguments: note } = part.call;
        const keep = () => run.approve(callId);
        return <button key={part.key} onClick={keep}>{`Keep “${note?.text}”`}</button>;
      })}
    </main>
  );
}

export function App() {
  return (
    <QueryClientProvider client={queryClient}>
      <LonghaulProvider runner={runner}>
        <Notes />
      </LonghaulProvider>
    </QueryClientProvider>
  );
}
