import { type Annotation, fileInput, inputParts, type Part, type ToolCallOf } from '@longhaul/core';
import { agentRef, remoteRunner } from '@longhaul/core/remote';
import { LonghaulProvider, useAgentThread, useAgentThreads } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createRoot } from 'react-dom/client';
import type { support } from './server.ts';
const agent = agentRef<typeof support>('support');
const headers = () => ({ authorization: localStorage.getItem('token') ?? '' });
const runner = remoteRunner({ baseURL: '/api/longhaul', headers });
const show = (threadId: string) => history.replaceState(null, '', `?chat=${threadId}`);
const textOf = (all: readonly Part[]) => all.map((part) => (part.type === 'text' ? part.text : '')).join('');
const Link = ({ url, text }: { url: string; text: string }) => <a href={url}>{text}</a>;
const cite = (s: Annotation, at: number) => 'url' in s && <Link key={at} url={s.url} text={s.url} />;
function Chat() {
  const [note, setNote] = useState('');
  const attempt = async (work: () => Promise<unknown>) => setNote(await work().then(() => '', String));
  const button = (label: string, onClick: () => unknown, key = label) => (
    <button key={key} type="button" onClick={() => attempt(async () => onClick())}>
      {label}
    </button>
  );
  const threadId = new URLSearchParams(location.search).get('chat') ?? undefined;
  const { data: threads = [] } = useAgentThreads({ limit: 30 });
  const thread = useAgentThread({ agent, threadId, onThreadId: show });
  const chats = threads.map(({ threadId: id, title }) => <Link key={id} url={`?chat=${id}`} text={title} />);
  const state = threadId && thread.turns.length === 0 ? 'This chat is not available.' : thread.status;
  const send = async (form: HTMLFormElement) => {
    const data = new FormData(form);
    const picked = data.getAll('files').flatMap((f) => (f instanceof File && f.name ? fileInput(f) : []));
    await thread.send([...(await Promise.all(picked)), { role: 'user', content: String(data.get('text')) }]);
    form.reset(); // A message that is refused stays in the form.
  };
  const view = (part: Part<ToolCallOf<typeof agent>>) => {
    if (part.type === 'text') return <p key={part.key}>{[part.text, ...part.annotations.map(cite)]}</p>;
    if (part.type === 'image') return <img key={part.key} src={part.url} alt={part.prompt ?? ''} />;
    if (part.type === 'error') return <p key={part.key}>{part.error.message}</p>;
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
      <Link url="?" text="New chat" />
      <nav>{chats}</nav>
      {thread.hasEarlier && button('Earlier turns', thread.loadEarlier)}
      {thread.turns.map(({ runId, input, parts, status, siblings, index }, at, { length }) => (
        <article key={runId}>
          <blockquote>{input.map(view)}</blockquote>
          {parts.map(view)}
          {siblings.map((id, n) => n !== index && button(`Version ${n + 1}`, () => thread.show(id)))}
          {button('Edit', (text = prompt('Ask instead', textOf(input))) => text && thread.edit(runId, text))}
          {button('Ask again', () => thread.regenerate(runId))}
          {status === 'failed' && at === length - 1 && button('Retry', () => thread.retry(runId))}
        </article>
      ))}
      {thread.queue.map((q) => button(`✕ ${textOf(inputParts(q.input))}`, () => thread.unqueue(q.id), q.id))}
      <output>{note || (thread.error?.message ?? (thread.isLoading ? 'Loading' : state))}</output>
      {thread.isActive && button('Stop', thread.stop)}
      <form onSubmit={(event) => (event.preventDefault(), attempt(() => send(event.currentTarget)))}>
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
