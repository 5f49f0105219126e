import type { DataMessagePart, FileMessagePart, ImageMessagePart } from '@assistant-ui/react';
import type { FilePart, ImagePart } from '@longhaul/core';
import { mediaTypeOf } from './media-type.ts';

/** The names of the data parts, for what has no part of its own in assistant-ui. */
export const dataNames = {
  /** A part of an input that is not the user's, such as a message of the developer. */
  input: 'longhaul-input',
  /** An item or a content part of any other type. */
  other: 'longhaul-other',
  /** A file that the page has neither an address nor an id of. */
  file: 'longhaul-file',
  /** A citation that is neither a page nor a file. */
  annotation: 'longhaul-annotation',
} as const;

export function imagePartOf({ key, url, partial, prompt }: ImagePart): ImageMessagePart {
  return {
    type: 'image',
    id: key,
    image: url,
    ...(prompt === undefined ? {} : { filename: prompt }),
    ...(partial ? { providerMetadata: { longhaul: { partial } } } : {}),
  };
}

export function filePartOf(part: FilePart): FileMessagePart | DataMessagePart<FilePart> {
  const { key, url, fileId, filename } = part;
  const data = url ?? fileId;
  if (data === undefined) return { type: 'data', id: key, name: dataNames.file, data: part };
  const sourceType = url === undefined ? 'id' : 'url';
  return {
    type: 'file',
    id: key,
    data,
    mimeType: mediaTypeOf(url, filename),
    ...(url?.startsWith('data:') === true ? {} : { sourceType }),
    ...(filename === undefined ? {} : { filename }),
  };
}
