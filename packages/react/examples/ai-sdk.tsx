import { Chat, useChat } from '@ai-sdk/react';
import { createRunner, defineAgent, fetchClient, tool } from '@longhaul/core';
import { indexedDbStore } from '@longhaul/core/web';
import { type ChatMessage, loadMessages, longhaulTransport } from '@longhaul/react/ai-sdk';
import { lastAssistantMessageIsCompleteWithApprovalResponses } from 'ai';
import type { JSX } from 'react';
import * as z from 'zod';

const book = tool({
  name: 'book_table',
  description: 'Books a table.',
  parameters: z.object({ seats: z.number() }),
  needsApproval: true,
  execute: async ({ seats }) => `Booked ${seats} seats.`,
});
const concierge = defineAgent({ name: 'concierge', model: 'gpt-6-astra', tools: [book] });
type Message = ChatMessage<typeof concierge>;

const runner = createRunner({
  client: fetchClient({ baseURL: '/v1' }),
  agents: [concierge],
  store: indexedDbStore({ name: 'concierge-chat' }),
});
const transport = longhaulTransport({ runner, agent: concierge, onAbort: 'cancel' });

/** The page of a conversation. Its chat is created outside of components, so that only the button stops it. */
export async function openConversation(threadId: string): Promise<JSX.Element> {
  const chat = new Chat<Message>({
    id: threadId,
    messages: await loadMessages<typeof concierge>(runner, threadId),
    transport,
    sendAutomaticallyWhen: lastAssistantMessageIsCompleteWithApprovalResponses,
  });
  return <Conversation chat={chat} />;
}

function Conversation({ chat }: { chat: Chat<Message> }): JSX.Element {
  const { messages, status, error, sendMessage, regenerate, stop, addToolApprovalResponse } = useChat({
    chat,
    resume: true, // after a reload, the answer continues
  });
  const isActive = status === 'submitted' || status === 'streaming';
  return (
    <main>
      {messages.map(({ id, role, parts }) => (
        <article key={id} aria-label={role}>
          {parts.map((part, index) => {
            if (part.type === 'text') return <p key={index}>{part.text}</p>;
            if (part.type !== 'tool-book_table') return null;
            if (part.state !== 'approval-requested') return <p key={index}>{part.state}</p>;
            const answer = (approved: boolean) => addToolApprovalResponse({ id: part.approval.id, approved });
            return (
              <fieldset key={index}>
                <legend>A table for {part.input.seats}?</legend>
                <button onClick={() => answer(true)}>Yes</button>
                <button onClick={() => answer(false)}>No</button>
              </fieldset>
            );
          })}
        </article>
      ))}
      <p role="status">{error?.message ?? status}</p>
      <form
        action={(form) => {
          const text = form.get('text');
          if (typeof text === 'string') void sendMessage({ text });
        }}
      >
        <input name="text" aria-label="Message" />
        <button disabled={isActive}>Send</button>
      </form>
      {isActive && <button onClick={() => stop()}>Stop</button>}
      <button disabled={isActive} onClick={() => regenerate()}>
        Ask again
      </button>
    </main>
  );
}
