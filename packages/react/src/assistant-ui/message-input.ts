import type { AppendMessage, ThreadUserMessagePart } from '@assistant-ui/react';
import { ConfigurationError, type InputItem, type Part, type RunInput } from '@longhaul/core';
import { dataNames } from './file-parts.ts';

type MessagePart = AppendMessage['content'][number];

function refuse(what: string, why: string): never {
  throw new ConfigurationError(`useLonghaulRuntime: ${what} ${why}`, { option: 'message' });
}

/** A message of the user with one content part. */
function userItem(part: InputItem): InputItem {
  return { role: 'user', content: [part] };
}

function fileItem(part: Extract<ThreadUserMessagePart, { type: 'file' }>): InputItem {
  const { data, mimeType, filename = 'file', sourceType } = part;
  const isImage = mimeType.startsWith('image/');
  if (sourceType === 'id') return userItem({ type: isImage ? 'input_image' : 'input_file', file_id: data });
  const isUrl = sourceType === 'url' || /^https?:/.test(data);
  const url = isUrl || data.startsWith('data:') ? data : `data:${mimeType};base64,${data}`;
  if (isImage) return userItem({ type: 'input_image', image_url: url });
  return userItem(
    isUrl ? { type: 'input_file', file_url: url } : { type: 'input_file', filename, file_data: url },
  );
}

/** The input item of a part that is not the user's. */
function otherItem(part: Part<never>): InputItem {
  if (part.type === 'other') return part.item;
  const isMessage = part.type === 'text' || part.type === 'image' || part.type === 'file';
  if (!isMessage || part.role === undefined)
    return refuse(`a part ${part.key} of the input`, 'cannot be sent again.');
  if (part.type === 'text') return { role: part.role, content: part.text };
  const file: InputItem =
    part.type === 'image'
      ? { type: 'input_image', image_url: part.url }
      : {
          type: 'input_file',
          ...(part.url === undefined ? { file_id: part.fileId } : { file_url: part.url }),
        };
  return { role: part.role, content: [file] };
}

function itemOf(part: MessagePart): InputItem | undefined {
  switch (part.type) {
    case 'text':
      return part.text === '' ? undefined : { role: 'user', content: part.text };
    case 'image':
      return userItem({ type: 'input_image', image_url: part.image });
    case 'file':
      return fileItem(part);
    case 'data':
      if (part.name === dataNames.input) return otherItem(part.data);
      return part.name === dataNames.file
        ? refuse(
            'a file of the edited message',
            'cannot be sent again, because this page does not know it. Attach it again.',
          )
        : refuse(`a part ${JSON.stringify(part.name)} of the message`, 'is not an input.');
    default:
      return refuse(`a part ${JSON.stringify(part.type)} of the message`, 'is not an input of a person.');
  }
}

/**
 * The input of a run for a message of the composer: the attachments, and then the text. A message with text only is a
 * text.
 *
 * @throws ConfigurationError for a message with a part that the API does not accept as input
 */
export function messageInput({
  content,
  attachments = [],
}: Pick<AppendMessage, 'content' | 'attachments'>): RunInput {
  const [only] = content;
  if (attachments.length === 0 && content.length === 1 && only?.type === 'text') return only.text;
  const parts = [...attachments.flatMap((attachment) => attachment.content), ...content];
  return parts.map(itemOf).filter((item) => item !== undefined);
}
