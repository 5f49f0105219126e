import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import { type JSX, StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';
import * as z from 'zod';
import { AssistantPage } from './assistant-page.tsx';
import { wrapperOf } from './render.tsx';

/** A page for an iframe, with assistant-ui's components and the loop in the page. The hash is the id of the thread. */
const refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: ({ order }) => ({ refunded: order }),
});
const support = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [refund] });
const runner = createRunner({
  client: fetchClient({ baseURL: '/v1' }),
  agents: [support],
  store: indexedDbStore({ name: 'assistant' }),
  mode: 'stream',
});
const Wrapper = wrapperOf(runner);

function App(): JSX.Element {
  const [threadId, setThreadId] = useState(location.hash.slice(1) || undefined);
  const show = (id: string | undefined): void => {
    location.replace(`#${id ?? ''}`);
    setThreadId(id);
  };
  return <AssistantPage agent={support} threadId={threadId} onThreadId={show} />;
}

const root = document.createElement('div');
document.body.append(root);
createRoot(root).render(
  <StrictMode>
    <Wrapper>
      <App />
    </Wrapper>
  </StrictMode>,
);
