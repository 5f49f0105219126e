import type { CompleteAttachment, PendingAttachment } from '@assistant-ui/react';
import { inputParts, type InputItem } from '@longhaul/core';
import { describe, expect, test, vi } from 'vitest';
import { longhaulAttachments } from './attachment-adapter.ts';
import { messageInput } from './message-input.ts';
import { userMessage } from './user-message.ts';

const pdf = new File(['%PDF'], 'plan.pdf', { type: 'application/pdf' });
const csv = new File(['a,b'], 'table.csv', { type: 'text/csv' });
const pdfUrl = `data:application/pdf;base64,${btoa('%PDF')}`;

async function attach(
  file: File,
  options?: Parameters<typeof longhaulAttachments>[0],
): Promise<CompleteAttachment> {
  const { add, send } = longhaulAttachments(options);
  const added = add({ file });
  if (!('then' in added)) throw new Error('The adapter adds a file in one step.');
  const pending: PendingAttachment = await added;
  return await send(pending);
}

/** The input of a message that shows this input and was edited without a change. */
function unchanged(input: string | InputItem[]): unknown {
  return messageInput(userMessage('m', inputParts(input), 0));
}

describe('the input of a message', () => {
  test('a text is a text', () => {
    expect(messageInput({ content: [{ type: 'text', text: 'Hello.' }] })).toBe('Hello.');
  });

  test('attachments come before the text', async () => {
    const attachments = [await attach(pdf)];
    expect(messageInput({ content: [{ type: 'text', text: 'See.' }], attachments })).toEqual([
      { role: 'user', content: [{ type: 'input_file', filename: 'plan.pdf', file_data: pdfUrl }] },
      { role: 'user', content: 'See.' },
    ]);
    expect(messageInput({ content: [], attachments })).toHaveLength(1);
  });

  test('the adapter uploads a large file with the message, and refuses it without an upload', async () => {
    const upload = vi.fn(async () => ({ fileId: 'file_1' }));
    const adapter = longhaulAttachments({ upload });
    await adapter.add({ file: csv });
    expect(upload).not.toHaveBeenCalled();
    const attachments = [await attach(csv, { upload })];
    expect(messageInput({ content: [], attachments })).toEqual([
      { role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] },
    ]);
    await expect(attach(csv)).rejects.toThrow('table.csv');
    await expect(attach(csv, { upload: async () => Promise.reject(new Error('Full.')) })).rejects.toThrow(
      'Full.',
    );
  });

  test('an edit without a change sends the same input', () => {
    const parts: InputItem[] = [
      { role: 'user', content: [{ type: 'input_image', image_url: 'https://example.com/a.png' }] },
      { role: 'user', content: [{ type: 'input_file', file_url: 'https://example.com/a.pdf' }] },
      { role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] },
      { role: 'user', content: [{ type: 'input_file', filename: 'plan.pdf', file_data: pdfUrl }] },
      { role: 'developer', content: 'Be short.' },
      { type: 'item_reference', id: 'msg_1' },
      { role: 'user', content: 'What is this?' },
    ];
    expect(unchanged(parts)).toEqual(parts);
  });

  test('a part that cannot be sent is refused', () => {
    expect(() => unchanged([{ role: 'user', content: [{ type: 'input_file', filename: 'a.pdf' }] }])).toThrow(
      'Attach it again',
    );
    expect(() => messageInput({ content: [{ type: 'data', name: 'mine', data: 1 }] })).toThrow('"mine"');
  });
});
