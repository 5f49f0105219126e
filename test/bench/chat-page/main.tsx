import { useChat } from '@ai-sdk/react';
import { createRunner, defineAgent, fetchClient } from '@longhaul/core';
import { LonghaulProvider, useAgentRun } from '@longhaul/react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { DefaultChatTransport } from 'ai';
import { type JSX, useEffect } from 'react';
import { createRoot } from 'react-dom/client';

/** The interface of the page for the benchmark. */
declare global {
  interface Window {
    commits: number;
    begin(): void;
  }
}

interface AnswerProps {
  readonly text: string;
  readonly isOver: boolean;
  begin(): void;
}

/** The component of all contestants: one paragraph, which counts its commits. */
function Answer({ text, isOver, begin }: AnswerProps): JSX.Element {
  useEffect(() => {
    window.commits += 1;
    window.begin = begin;
  });
  return <p data-over={isOver}>{text}</p>;
}

const agent = defineAgent({ name: 'bench', model: 'gpt-6-astra' });
const runner = createRunner({ client: fetchClient({ baseURL: '/v1' }), mode: 'stream' });

function LonghaulAnswer(): JSX.Element {
  const { text, isTerminal, start } = useAgentRun({ agent });
  return <Answer text={text} isOver={isTerminal} begin={() => void start('Write.')} />;
}

const transport = new DefaultChatTransport({ api: '/v1/chat' });

function ChatAnswer({ throttle }: { readonly throttle?: number }): JSX.Element {
  const { messages, status, sendMessage } = useChat({
    transport,
    ...(throttle === undefined ? {} : { throttle }),
  });
  const parts = messages.findLast(({ role }) => role === 'assistant')?.parts ?? [];
  const text = parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
  return (
    <Answer
      text={text}
      isOver={text !== '' && status === 'ready'}
      begin={() => void sendMessage({ text: 'Write.' })}
    />
  );
}

const answers: Readonly<Record<string, JSX.Element>> = {
  longhaul: (
    <QueryClientProvider client={new QueryClient()}>
      <LonghaulProvider runner={runner}>
        <LonghaulAnswer />
      </LonghaulProvider>
    </QueryClientProvider>
  ),
  useChat: <ChatAnswer />,
  'useChat, throttle: 50': <ChatAnswer throttle={50} />,
};

window.commits = 0;
const root = document.getElementById('root');
const asked = new URLSearchParams(window.location.search).get('contestant') ?? '';
if (root !== null) createRoot(root).render(answers[asked]);
