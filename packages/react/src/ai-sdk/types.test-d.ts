import { useChat } from '@ai-sdk/react';
import { agentRef, type AgentRefOf } from '@longhaul/core/remote';
import type { Runner } from '@longhaul/core';
import type { ChatTransport, UIMessage } from 'ai';
import { expectTypeOf, test } from 'vitest';
import { support } from '../../test-support/support-agent.ts';
import type { ChatMessage } from './chat-message.ts';
import { loadMessages } from './load-messages.ts';
import { longhaulTransport } from './longhaul-transport.ts';

declare const runner: Runner;

test('a message has the tools of the agent, with their inputs and outputs', () => {
  type Message = ChatMessage<typeof support>;
  expectTypeOf<Message>().toExtend<UIMessage>();
  type Refund = Extract<Message['parts'][number], { type: 'tool-refund'; state: 'output-available' }>;
  expectTypeOf<Refund['input']>().toEqualTypeOf<{ order: string }>();
  expectTypeOf<Refund['output']>().toEqualTypeOf<{ refunded: string }>();
  // @ts-expect-error There is no such tool.
  expectTypeOf<{ type: 'tool-refunds' }>().toExtend<Pick<Message['parts'][number], 'type'>>();
});

test('the transport of an agent, and of a reference to it, is that of its messages', () => {
  const transport = longhaulTransport({ runner, agent: support });
  expectTypeOf(transport).toEqualTypeOf<ChatTransport<ChatMessage<typeof support>>>();
  const reference: AgentRefOf<typeof support> = agentRef<typeof support>('support');
  const remote = longhaulTransport({ runner, agent: reference, onAbort: 'cancel' });
  expectTypeOf(remote).toExtend<ChatTransport<ChatMessage<typeof support>>>();
  // @ts-expect-error There is no such way to abort.
  longhaulTransport({ runner, agent: support, onAbort: 'stop' });
});

test('useChat infers its messages from the transport, and the loaded messages fit', async () => {
  const messages = await loadMessages<typeof support>(runner, 'thread');
  expectTypeOf(messages).toEqualTypeOf<ChatMessage<typeof support>[]>();
  const chat = useChat({ transport: longhaulTransport({ runner, agent: support }), messages });
  expectTypeOf(chat.messages).toEqualTypeOf<ChatMessage<typeof support>[]>();
  expectTypeOf(chat.addToolOutput).toBeCallableWith({ tool: 'locate', toolCallId: 'call', output: 'Rome' });
});
