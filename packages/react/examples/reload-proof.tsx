import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import { formatRunStatus, LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { type JSX, useSyncExternalStore } from 'react';
import * as z from 'zod';

const book = tool({
  name: 'book_table',
  description: 'Books a table.',
  parameters: z.object({ seats: z.number() }),
  needsApproval: true,
  execute: async ({ seats }, { idempotencyKey }) => `Booked ${seats} seats, reference ${idempotencyKey}.`,
});
const concierge = defineAgent({ name: 'concierge', model: 'gpt-6-astra', tools: [book] });

// Runs are saved in the browser, and all tabs of the site share them: one drives, the others follow.
const runner = createRunner({
  client: fetchClient({ baseURL: '/v1' }),
  agents: [concierge],
  store: indexedDbStore({ name: 'concierge' }),
});
const queryClient = new QueryClient();

export function App(): JSX.Element {
  return (
    <QueryClientProvider client={queryClient}>
      <LonghaulProvider runner={runner}>
        <Dinner />
      </LonghaulProvider>
    </QueryClientProvider>
  );
}

function Dinner(): JSX.Element {
  const [runId, setRunId] = useHash();
  // The id is in the URL, so after a reload the run resumes, including a call that waits for approval.
  const run = useAgentRun({ agent: concierge, runId, onRunId: setRunId });
  return (
    <section>
      <button type="button" disabled={run.isActive} onClick={() => run.start('A table for two, please.')}>
        Book
      </button>
      <p role="status">{run.isLoading ? 'Loading' : formatRunStatus(run.status)}</p>
      {run.toolCalls.map(
        (call) =>
          call.status === 'awaiting_approval' && (
            <fieldset key={call.callId}>
              <legend>A table for {call.arguments?.seats}?</legend>
              <button onClick={() => run.approve(call.callId)}>Yes</button>
              <button onClick={() => run.deny(call.callId, 'The guest would rather stay at home.')}>
                No
              </button>
            </fieldset>
          ),
      )}
      <p>{run.error?.message ?? run.text}</p>
    </section>
  );
}

/** Reads and writes the run's id in the URL's hash. A router's search parameter works as well. */
function useHash(): [id: string | undefined, setId: (id: string | undefined) => void] {
  const hash = useSyncExternalStore(
    (listener) => {
      window.addEventListener('hashchange', listener);
      return () => window.removeEventListener('hashchange', listener);
    },
    () => window.location.hash.slice(1),
    () => '',
  );
  return [hash === '' ? undefined : hash, (id) => window.location.assign(`#${id ?? ''}`)];
}
