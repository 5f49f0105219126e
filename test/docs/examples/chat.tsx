import { fileInput, type Part, type ToolCallOf } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider, useAgentThread, useAgentThreads } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { support } from './server.ts';
const agent = agentRef<typeof support>('support');
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });
const Source = ({ url }: { url: string }) => <a href={url}>{url}</a>;

function Chat() {
  const [problem, setProblem] = useState('');
  const attempt = async (work: () => Promise<unknown>) => setProblem(await work().then(() => '', String));
  const button = (label: string, onClick: () => unknown, key = label) => (
    <button key={key} type="button" onClick={() => attempt(async () => onClick())}>
      {label}
    </button>
  );
  const [threadId, setThreadId] = useState(location.hash.slice(1) || undefined);
  const show = (id = '') => (location.replace(`#${id}`), setThreadId(id || undefined));
  const { data: threads = [] } = useAgentThreads({ limit: 30 });
  const thread = useAgentThread({ agent, threadId, onThreadId: show });
  const submit = async (form: FormData) => {
    const files = form.getAll('files').flatMap((f) => (f instanceof File && f.size > 0 ? fileInput(f) : []));
    await thread.send([...(await Promise.all(files)), { role: 'user', content: String(form.get('text')) }]);
  };
  const view = (part: Part<ToolCallOf<typeof agent>>) => {
    if (part.type === 'image') return <img key={part.key} src={part.url} alt={part.prompt ?? ''} />;
    if (part.type === 'error') return <p key={part.key}>{part.error.message}</p>;
    if (part.type === 'text') {
      const urls = new Set(part.annotations.flatMap((one) => (one.type === 'url_citation' ? one.url : [])));
      return <p key={part.key}>{[part.text, ...[...urls].map((url) => <Source key={url} url={url} />)]}</p>;
    }
    if (part.type !== 'tool') return null;
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
        {button('New chat', () => show())}
        {threads.map((one) => button(`${one.title}: ${one.status}`, () => show(one.threadId), one.threadId))}
      </nav>
      {thread.hasEarlier && button('Earlier turns', thread.loadEarlier)}
      {thread.turns.map(({ runId, input, parts, status, siblings, index }) => (
        <article key={runId}>
          <blockquote>{input.map(view)}</blockquote>
          {parts.map(view)}
          {siblings.map((id, at) => at !== index && button(`Version ${at + 1}`, () => thread.show(id)))}
          {button('Edit', (text = prompt('Ask instead')) => text && thread.edit(runId, text))}
          {button('Ask again', () => thread.regenerate(runId))}
          {status === 'failed' && button('Retry', () => thread.retry(runId))}
        </article>
      ))}
      {thread.queue.map(({ id }) => button('Remove a waiting message', () => thread.unqueue(id), id))}
      <output>{problem || (thread.error?.message ?? thread.status)}</output>
      {thread.isActive && button('Stop', thread.stop)}
      <form action={(form) => attempt(() => submit(form))}>
        <input name="text" aria-label="Message" required />
        <input name="files" aria-label="Files" type="file" multiple />
        <button>Send</button>
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
