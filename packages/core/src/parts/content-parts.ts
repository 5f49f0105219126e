import type { OutputItem } from '../wire/items.ts';
import { isJsonObject, textOf, wordOf, type JsonObject, type JsonValue } from '../wire/json.ts';
import { annotationsOf, fileOf, type Annotation, type ContainerFileCitation } from './annotation.ts';
import { makePart, type Place } from './make-part.ts';
import type { FilePart, Part, TextPart } from './part.ts';
import { shownUrl } from './shown-url.ts';

type Phase = TextPart['phase'];

/**
 * The parts of the content of an item: of a message, or the outputs of a code interpreter.
 *
 * @param content A list of content parts. Some servers send a text in place of the list.
 * @param item The item that contains it.
 * @param at The place of the item.
 */
export function contentParts(
  content: JsonValue | undefined,
  item: JsonObject,
  { key, ...at }: Place,
): readonly Part<never>[] {
  const phase =
    item['phase'] === 'commentary' || item['phase'] === 'final_answer' ? item['phase'] : undefined;
  const list: readonly JsonValue[] = Array.isArray(content) ? content : [{ type: 'text', text: content }];
  return list.flatMap((one, index) => {
    if (!isJsonObject(one)) return [];
    return partsOf(one, list === content ? one : item, { key: `${key}/${index}`, ...at }, phase);
  });
}

function partsOf(content: JsonObject, source: object, at: Place, phase: Phase): readonly Part<never>[] {
  // Parts of an input, of an output and of a code interpreter have the same names after this prefix.
  const type = wordOf(content['type']).replace(/^(?:in|out)put_/, '');
  switch (type) {
    case 'text': {
      const text = textOf(content['text']);
      if (text === undefined) return [];
      const annotations = annotationsOf(content['annotations']);
      return [makePart(source, 'text', at, { text, phase, annotations }), ...citedFiles(annotations, at)];
    }
    case 'refusal': {
      const text = textOf(content['refusal']);
      return text === undefined ? [] : [makePart(source, 'refusal', at, { text })];
    }
    case 'image':
    case 'file': {
      const image = shownUrl(content['image_url'] ?? content['url']);
      if (image !== undefined) return [makePart(source, 'image', at, { url: image, partial: false })];
      const url = shownUrl(content['file_url'] ?? content['file_data']);
      return [makePart(source, 'file', at, { ...fileOf(content), url })];
    }
    // The item of a code interpreter has its logs.
    case 'logs':
      return [];
    default:
      return isItem(content) ? [makePart(source, 'other', at, { item: content })] : [];
  }
}

export function isItem(value: JsonObject): value is OutputItem {
  return typeof value['type'] === 'string';
}

/** The files that a text cites and that the code interpreter made, each once. */
function citedFiles(annotations: readonly Annotation[], { key, ...at }: Place): readonly FilePart[] {
  const files = new Map<string | undefined, ContainerFileCitation>();
  for (const one of annotations)
    if (one.type === 'container_file_citation') files.set(one.fileId ?? one.filename, one);
  return Array.from(files, ([id, file]) => {
    const { fileId, containerId, filename } = file;
    return makePart(file, 'file', { key: `${key}/${id}`, ...at }, { fileId, containerId, filename });
  });
}
