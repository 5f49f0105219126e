import type { Part, ToolCallOf } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider, useAgentThread, useAgentThreads } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState, useSyncExternalStore } from 'react';
import { createRoot } from 'react-dom/client';
import { askInstead, ContentView, inputOf, textOf } from './content.tsx';
import type { support } from './server.ts';
const agent = agentRef<typeof support>('support');
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });
const onHashChange = (listener: () => void) => {
  addEventListener('hashchange', listener);
  return () => removeEventListener('hashchange', listener);
};
const open = (threadId = '') => location.assign(`#${threadId}`);
function Chat() {
  const [note, setNote] = useState('');
  const attempt = async (work: () => Promise<unknown>) => setNote(await work().then(() => '', String));
  const button = (label: string, onClick: () => unknown, key = label) => (
    <button key={key} type="button" onClick={() => attempt(async () => onClick())}>
      {label}
    </button>
  );
  const threadId = useSyncExternalStore(onHashChange, () => location.hash.slice(1)) || undefined;
  const { data: threads = [] } = useAgentThreads({ limit: 30 });
  const thread = useAgentThread({ agent, threadId, onThreadId: (id) => location.replace(`#${id}`) });
  const isEmpty = threadId !== undefined && thread.turns.length === 0;
  const send = async (form: HTMLFormElement) => {
    setNote('Sending');
    await thread.send(await inputOf(new FormData(form)));
    form.reset(); // A message that is refused stays in the form.
  };
  const view = (part: Part<ToolCallOf<typeof agent>>) => {
    if (part.type !== 'tool') return <ContentView key={part.key} part={part} />;
    const { callId, name, arguments: order, output, status } = part.call;
    return (
      <fieldset key={part.key}>
        {name} {order?.orderId}: {output ?? status}
        {status === 'awaiting_approval' && button('Approve', () => thread.approve(callId))}
        {status === 'awaiting_approval' && button('Deny', () => thread.deny(callId))}
      </fieldset>
    );
  };
  return (
    <main>
      <nav>
        {button('New chat', () => open())}
        {threads.map((one) => button(`${one.title}: ${one.status}`, () => open(one.threadId), one.threadId))}
      </nav>
      {thread.hasEarlier && button('Earlier turns', thread.loadEarlier)}
      {thread.turns.map(({ runId, input, parts, status, siblings, index }, at, { length }) => (
        <article key={runId}>
          <blockquote>{input.map(view)}</blockquote>
          {parts.map(view)}
          {siblings.map((id, n) => n !== index && button(`Version ${n + 1}`, () => thread.show(id)))}
          {button('Edit', (next = askInstead(input)) => next && thread.edit(runId, next))}
          {button('Ask again', () => thread.regenerate(runId))}
          {status === 'failed' && at === length - 1 && button('Retry', () => thread.retry(runId))}
        </article>
      ))}
      {thread.queue.map(({ id, input }) => button(`Remove “${textOf(input)}”`, () => thread.unqueue(id), id))}
      {isEmpty && <p>{thread.isLoading ? 'Loading' : 'This chat is not available. Start a new one.'}</p>}
      <output>{note || (thread.error?.message ?? (isEmpty ? '' : thread.status))}</output>
      {thread.isActive && button('Stop', thread.stop)}
      <form onSubmit={(event) => (event.preventDefault(), attempt(() => send(event.currentTarget)))}>
        <input name="text" aria-label="Message" required readOnly={note === 'Sending'} />
        <input name="files" aria-label="Files" type="file" multiple />
        <button disabled={note === 'Sending' || (isEmpty && !thread.isLoading)}>Send</button>
      </form>
    </main>
  );
}
createRoot(document.body).render(
  <QueryClientProvider client={new QueryClient()}>
    <LonghaulProvider runner={runner}>
      <Chat />
    </LonghaulProvider>
  </QueryClientProvider>,
);
