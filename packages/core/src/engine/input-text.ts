import type { InputItem } from '../wire/items.ts';
import { isJsonObject, textOf, type JsonValue } from '../wire/json.ts';

/** The number of characters of a run's input in a list of runs. Each save contains them. */
const listedCharacters = 200;

/**
 * The first 200 characters of the text of the user's messages, for lists of runs. Other messages are left out, because
 * pages see lists: a developer's message contains instructions. Empty for an input without such text, such as an image.
 * Undefined for an empty input: the run only continues another run.
 */
export function inputText(input: string | readonly InputItem[]): string | undefined {
  if (input.length === 0) return undefined;
  let text = '';
  for (const part of typeof input === 'string' ? [input] : textsOf(input)) {
    if (text !== '') text += '\n';
    text += part.slice(0, listedCharacters + 1);
    if (text.length > listedCharacters) break;
  }
  // The cut may be in the middle of a character that consists of two units.
  return text.slice(0, listedCharacters).toWellFormed();
}

function* textsOf(items: readonly InputItem[]): Generator<string> {
  for (const item of items) {
    if (item['role'] !== 'user') continue;
    const content: JsonValue | undefined = item['content'];
    if (typeof content === 'string') yield content;
    if (!Array.isArray(content)) continue;
    for (const part of content) {
      const text = isJsonObject(part) ? textOf(part['text']) : undefined;
      if (text !== undefined) yield text;
    }
  }
}
