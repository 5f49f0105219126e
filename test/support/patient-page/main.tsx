import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { LonghaulProvider, useAgentRun, useCountdown } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import type { JSX } from 'react';
import { createRoot } from 'react-dom/client';

/** `?mode=poll|stream` sets the mode, and `&pollMs=` the time between two polls. */
const params = new URLSearchParams(window.location.search);
const agent = defineAgent({ name: 'patient', model: 'gpt-6-astra' });
const runner = createRunner({
  client: fetchClient({ baseURL: '/v1' }),
  mode: params.get('mode') === 'poll' ? 'poll' : 'stream',
  polling: () => Number(params.get('pollMs') ?? 200),
});

function Patient(): JSX.Element {
  const run = useAgentRun({ agent });
  return (
    <main>
      <button type="button" onClick={() => run.start('Think about it.')}>
        Ask
      </button>
      <p role="status">{run.status}</p>
      <p role="alert">{run.waiting?.error?.code}</p>
      <p role="log">{run.text}</p>
      <p>
        next try in <time>{useCountdown(run.waiting?.nextPollAt, { intervalMs: 100 })}</time> ms
      </p>
    </main>
  );
}

const root = document.getElementById('root');
if (root !== null) {
  createRoot(root).render(
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner}>
        <Patient />
      </LonghaulProvider>
    </QueryClientProvider>,
  );
}
