import { ConfigurationError, type RunInput } from '@longhaul/core';
import type { FileUIPart } from 'ai';
import type { ChatMessage, ChatPart } from './chat-message.ts';

type Content = { readonly type: string } & Readonly<Record<string, string>>;

/** The content part of a file, as `fileInput` makes it. */
function fileContent({ mediaType, url, filename, providerReference }: FileUIPart): Content {
  const isImage = /^image(?:\/|$)/i.test(mediaType);
  const fileId = providerReference?.['openai'];
  if (fileId !== undefined) return { type: isImage ? 'input_image' : 'input_file', file_id: fileId };
  if (isImage) return { type: 'input_image', image_url: url };
  if (!/^data:/i.test(url)) return { type: 'input_file', file_url: url };
  return { type: 'input_file', filename: filename ?? 'file', file_data: url };
}

function contentOf(part: ChatPart): Content | undefined {
  if (part.type === 'text') return part.text === '' ? undefined : { type: 'input_text', text: part.text };
  return part.type === 'file' ? fileContent(part) : undefined;
}

/**
 * The input of a run: the texts and files of messages of the user. One text is sent as a string.
 *
 * @throws ConfigurationError if the messages have none
 */
export function messageInput(messages: readonly ChatMessage[]): RunInput {
  const items = messages
    .map(({ parts }) => parts.flatMap((part: ChatPart) => contentOf(part) ?? []))
    .filter((content) => content.length > 0)
    .map((content) => ({ role: 'user', content }));
  const [first] = items;
  if (first === undefined)
    throw new ConfigurationError('longhaulTransport: the message has neither text nor files to send.', {
      option: 'messages',
    });
  const [only] = first.content;
  const isText = items.length === 1 && first.content.length === 1 && only?.type === 'input_text';
  return isText && only?.['text'] !== undefined ? only['text'] : items;
}
