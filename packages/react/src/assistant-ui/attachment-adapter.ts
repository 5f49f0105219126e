import type {
  AttachmentAdapter,
  CompleteAttachment,
  PendingAttachment,
  ThreadUserMessagePart,
} from '@assistant-ui/react';
import {
  ConfigurationError,
  type FileInput,
  fileInput,
  type FileInputOptions,
  randomId,
} from '@longhaul/core';

/** The files that are sent inline. */
const inlineTypes = 'image/png,image/jpeg,image/webp,image/gif,application/pdf';

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

/** The part of a message for an input item that `fileInput` has made. */
function partOf({ content: [part] }: FileInput, { name, type: mimeType }: File): ThreadUserMessagePart {
  const image = textOf(part['image_url']);
  if (image !== undefined) return { type: 'image', image, filename: name };
  const id = textOf(part['file_id']);
  const file = { type: 'file', filename: name, mimeType } as const;
  if (id !== undefined) return { ...file, data: id, sourceType: 'id' };
  const url = textOf(part['file_url']);
  if (url !== undefined) return { ...file, data: url, sourceType: 'url' };
  return { ...file, data: textOf(part['file_data']) ?? '' };
}

async function inlinePart(
  file: File,
  { upload, ...options }: FileInputOptions,
): Promise<ThreadUserMessagePart[]> {
  try {
    return [partOf(await fileInput(file, options), file)];
  } catch (error) {
    // `send` uploads this file.
    const isUploaded =
      upload !== undefined && ConfigurationError.isInstance(error) && error.option === 'upload';
    if (isUploaded) return [];
    throw error;
  }
}

/**
 * An attachment adapter for assistant-ui's composer, on top of `fileInput`. Images and PDFs of at most `maxInlineBytes`
 * become data URLs in the message. When a person sends a message with another file, the adapter calls `upload`. Without
 * `upload`, the composer refuses such a file. `useLonghaulRuntime` uses this adapter by default.
 *
 * @example
 * useLonghaulRuntime({ agent, adapters: { attachments: longhaulAttachments({ upload }) } });
 */
export function longhaulAttachments(options: FileInputOptions = {}): AttachmentAdapter {
  return {
    accept: options.upload === undefined ? inlineTypes : '*',
    add: async ({ file }): Promise<PendingAttachment> => ({
      id: randomId(),
      type: file.type.startsWith('image/') ? 'image' : 'document',
      name: file.name,
      contentType: file.type,
      file,
      content: await inlinePart(file, options),
      status: { type: 'requires-action', reason: 'composer-send' },
    }),
    send: async (attachment): Promise<CompleteAttachment> => {
      const { content = [], file } = attachment;
      const sent = content.length > 0 ? content : [partOf(await fileInput(file, options), file)];
      return { ...attachment, content: sent, status: { type: 'complete' } };
    },
    // An upload happens when the message is sent, so there is nothing to remove.
    remove: async () => undefined,
  };
}
