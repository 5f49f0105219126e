import { boundedJson } from './bounded-json.ts';
import type { JsonValue } from './json.ts';

/** Parses JSON text; undefined if it is invalid. An empty text means no arguments: `{}`. */
export function parseJson(text: unknown): JsonValue | undefined {
  if (typeof text !== 'string') return undefined;
  if (text.trim() === '') return {};
  try {
    return boundedJson(text);
  } catch {
    return undefined;
  }
}
