import { defined } from '../wire/defined.ts';
import type { OutputItem } from '../wire/items.ts';
import { fieldsOf, textOf, wordOf, type JsonValue } from '../wire/json.ts';
import { keepPart } from './keep-part.ts';
import type { FilePart, ImagePart, PartBase } from './part.ts';
import { shownUrl } from './shown-url.ts';

/** The images and files that a hosted tool has made. */
export function madeParts(
  item: OutputItem,
  { key, partial, ...at }: PartBase & Pick<ImagePart, 'partial'>,
): readonly (ImagePart | FilePart)[] {
  if (item.type === 'image_generation_call') {
    const url = imageUrl(item);
    if (url === undefined) return [];
    const prompt = defined({ prompt: textOf(item['revised_prompt']) });
    return [keepPart(item, { type: 'image', url, partial, ...prompt, key: `${key}/0`, ...at } as const)];
  }
  const outputs = item.type === 'code_interpreter_call' ? item['outputs'] : undefined;
  if (!Array.isArray(outputs)) return [];
  return outputs.flatMap((one: JsonValue, index): (ImagePart | FilePart)[] => {
    const output = fieldsOf(one);
    const place = { key: `${key}/${index}`, ...at };
    const url = shownUrl(output['url']);
    if (url !== undefined)
      return [keepPart(output, { type: 'image', url, partial: false, ...place } as const)];
    const fileId = textOf(output['file_id']);
    const filename = textOf(output['filename']);
    const file = defined({ fileId, filename, containerId: textOf(item['container_id']) });
    if (fileId === undefined && filename === undefined) return [];
    return [keepPart(output, { type: 'file', ...file, ...place } as const)];
  });
}

/** The image as a data URL. The API sends base64. */
function imageUrl({ result, output_format: sent }: OutputItem): string | undefined {
  const image = textOf(result);
  const format = wordOf(sent);
  const type = format === 'svg' ? 'svg+xml' : /^(?:png|jpeg|webp|gif)$/.exec(format) ? format : 'png';
  return image && (shownUrl(image) ?? `data:image/${type};base64,${image}`);
}
