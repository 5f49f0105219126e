import { boundedJson } from './bounded-json.ts';
import type { JsonValue } from './json.ts';

/** What JSON text says, or undefined where it is none. An empty text means no arguments: `{}`. */
export function parseJson(text: unknown): JsonValue | undefined {
  if (typeof text !== 'string') return undefined;
  if (text.trim() === '') return {};
  try {
    return boundedJson(text);
  } catch {
    return undefined;
  }
}
