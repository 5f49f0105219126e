import { defined } from '../wire/defined.ts';
import type { OutputItem } from '../wire/items.ts';
import { isJsonObject, textOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { annotationsOf } from './annotation.ts';
import { keepPart } from './keep-part.ts';
import type { FilePart, MessagePart, Part, TextPart } from './part.ts';
import { shownUrl } from './shown-url.ts';

/** The parts of a message's content. `key` identifies the message. Some servers send a text in place of the list. */
export function messageParts(message: JsonObject, { key, ...at }: MessagePart): readonly Part<never>[] {
  const { content, phase } = message;
  const more = phase === 'commentary' || phase === 'final_answer' ? ({ phase } as const) : {};
  if (typeof content === 'string')
    return contentParts({ type: 'text', text: content }, message, { key: `${key}/0`, ...at }, more);
  if (!Array.isArray(content)) return [];
  return content.flatMap((one: JsonValue, index) =>
    isJsonObject(one) ? contentParts(one, one, { key: `${key}/${index}`, ...at }, more) : [],
  );
}

function contentParts(
  content: JsonObject,
  source: object,
  at: MessagePart,
  more: Pick<TextPart, 'phase'>,
): readonly Part<never>[] {
  switch (content['type']) {
    case 'input_text':
    case 'output_text':
    case 'text': {
      const text = textOf(content['text']);
      if (text === undefined) return [];
      const annotations = annotationsOf(content['annotations']);
      const part = keepPart(source, { type: 'text', text, ...at, ...more, annotations } as const);
      return [part, ...citedFiles(part)];
    }
    case 'refusal': {
      const text = textOf(content['refusal']);
      return text === undefined ? [] : [keepPart(source, { type: 'refusal', text, ...at } as const)];
    }
    case 'input_image':
    case 'input_file': {
      const image = shownUrl(content['image_url']);
      if (image !== undefined)
        return [keepPart(source, { type: 'image', url: image, partial: false, ...at } as const)];
      const fileId = textOf(content['file_id']);
      const filename = textOf(content['filename']);
      const url = shownUrl(content['file_url']) ?? shownUrl(content['file_data']);
      return [keepPart(source, { type: 'file', ...defined({ fileId, filename, url }), ...at } as const)];
    }
    default:
      return isItem(content) ? [keepPart(source, { type: 'other', item: content, ...at } as const)] : [];
  }
}

function isItem(content: JsonObject): content is OutputItem {
  return typeof content['type'] === 'string';
}

/** The files that a text refers to and that the code interpreter made, each once. */
function citedFiles({ annotations, key, iteration, done }: TextPart): readonly FilePart[] {
  const seen = new Set<string>();
  return annotations.flatMap((annotation, index) => {
    if (annotation.type !== 'container_file_citation') return [];
    const { fileId, containerId, filename } = annotation;
    const id = JSON.stringify([fileId, containerId, filename]);
    if (seen.has(id)) return [];
    seen.add(id);
    const file = defined({ fileId, containerId, filename });
    return [
      keepPart(annotation, { type: 'file', ...file, key: `${key}/${index}`, iteration, done } as const),
    ];
  });
}
