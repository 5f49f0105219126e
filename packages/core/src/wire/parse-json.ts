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

/** Functions that recurse over much deeper values (validators, freezing, `JSON.stringify`) would overflow the stack. */
const maxDepth = 256;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

/**
 * Reads JSON from another party: a server or a model. It limits only the depth. The proxy, which many clients share,
 * also limits the size, before it parses (`answerJson`). @throws Error if the text is not JSON or is nested too deeply
 */
export function boundedJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  // A level takes at least two characters. Short texts, such as nearly all events of a stream, need no check.
  if (text.length > 2 * maxDepth && isDeeper(value, maxDepth))
    throw new Error(`it is nested deeper than ${maxDepth} levels`);
  return value;
}
