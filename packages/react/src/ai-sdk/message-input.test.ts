import { ConfigurationError, fileInput, inputParts } from '@longhaul/core';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ChatMessage, ChatPart } from './chat-message.ts';
import { messageInput } from './message-input.ts';
import { inputMessageParts } from './text-parts.ts';

function userMessage(parts: ChatPart[]): ChatMessage {
  return { id: 'm', role: 'user', parts };
}

const part = fc.constantFrom<ChatPart>(
  { type: 'text', text: 'What is it?' },
  { type: 'file', mediaType: 'image/png', url: 'data:image/png;base64,AQ==' },
  { type: 'file', mediaType: 'image', url: 'https://a.test/sea.png' },
  { type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', url: 'data:application/pdf;base64,AQ==' },
  { type: 'file', mediaType: 'application/octet-stream', url: 'https://a.test/a.pdf' },
  {
    ...{ type: 'file', mediaType: 'application/octet-stream', url: '' },
    providerReference: { openai: 'file_1' },
  },
);

test('a message that is sent is shown with the same parts', () => {
  fc.assert(
    fc.property(fc.array(part, { minLength: 1, maxLength: 4 }), (parts) => {
      const input = messageInput([userMessage(parts)]);
      const items = typeof input === 'string' ? input : [...input].map((item) => ({ ...item }));
      expect(inputMessageParts(inputParts(items))).toEqual(parts);
    }),
  );
});

test('a file has the form of `fileInput`', async () => {
  const file = new File([new Uint8Array([1])], 'a.pdf', { type: 'application/pdf' });
  const url = 'data:application/pdf;base64,AQ==';
  const message = userMessage([{ type: 'file', mediaType: 'application/pdf', filename: 'a.pdf', url }]);
  expect(messageInput([message])).toEqual([await fileInput(file)]);
});

test('several messages that no run has received are one input', () => {
  const messages = ['One.', 'Two.'].map((text) => userMessage([{ type: 'text', text }]));
  expect(messageInput(messages)).toEqual([
    { role: 'user', content: [{ type: 'input_text', text: 'One.' }] },
    { role: 'user', content: [{ type: 'input_text', text: 'Two.' }] },
  ]);
});

test('a message without text and files is refused', () => {
  expect(() => messageInput([userMessage([{ type: 'text', text: '' }])])).toThrow(ConfigurationError);
});
