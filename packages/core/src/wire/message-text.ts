import { isJsonObject } from './json.ts';
import type { OutputItem } from './items.ts';

function partsOf(item: OutputItem, type: string, field: string): string {
  if (item.type !== 'message' || !Array.isArray(item['content'])) return '';
  let text = '';
  for (const part of item['content']) {
    if (isJsonObject(part) && part['type'] === type && typeof part[field] === 'string') text += part[field];
  }
  return text;
}

/** The text of a response: all `output_text` parts of its messages, joined (`output_text` is SDK sugar, not on the wire). */
export function messageText(output: readonly OutputItem[]): string {
  return output.map((item) => partsOf(item, 'output_text', 'text')).join('');
}

/** The refusal in a response's messages, or the empty string. */
export function refusalText(output: readonly OutputItem[]): string {
  return output.map((item) => partsOf(item, 'refusal', 'refusal')).join('');
}
