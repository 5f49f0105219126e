import type { CompleteAttachment, ThreadUserMessage, ThreadUserMessagePart } from '@assistant-ui/react';
import type { FilePart, ImagePart, Part } from '@longhaul/core';
import { dataNames, filePartOf, imagePartOf } from './file-parts.ts';
import { mediaTypeOf } from './media-type.ts';

function isAttachment(part: Part<never>): part is ImagePart | FilePart {
  return (part.type === 'image' || part.type === 'file') && part.role === undefined;
}

function attachmentOf(part: ImagePart | FilePart, messageId: string): CompleteAttachment {
  const isImage = part.type === 'image';
  const filename = isImage ? undefined : part.filename;
  return {
    id: `${messageId}/${part.key}`,
    type: isImage ? 'image' : 'document',
    name: filename ?? (isImage ? 'Image' : 'File'),
    contentType: mediaTypeOf(part.url, filename),
    content: [isImage ? imagePartOf(part) : filePartOf(part)],
    status: { type: 'complete' },
  };
}

/** The parts of an input that are shown in the message. Images and files of the user are its attachments. */
function contentOf(part: Part<never>): readonly ThreadUserMessagePart[] {
  if (isAttachment(part)) return [];
  if (part.type === 'text' && part.role === undefined)
    return [{ type: 'text', id: part.key, text: part.text }];
  return [{ type: 'data', id: part.key, name: dataNames.input, data: part }];
}

/** The message of a person: the input of a turn, or input that was added to it. */
export function userMessage(id: string, parts: readonly Part<never>[], createdAt: number): ThreadUserMessage {
  return {
    id,
    role: 'user',
    createdAt: new Date(createdAt),
    content: parts.flatMap(contentOf),
    attachments: parts.filter(isAttachment).map((part) => attachmentOf(part, id)),
    metadata: { custom: {} },
  };
}
