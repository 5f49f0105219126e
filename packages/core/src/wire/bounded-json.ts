import type { JsonValue } from './json.ts';

/** Deeper values overflow the stack of what walks them: validators, freezing, `JSON.stringify`. */
const maxDepth = 256;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return levels === 0 || Object.values(value).some((part) => isDeeper(part, levels - 1));
}

/** Reads JSON that somebody else wrote: a server, a model. @throws Error for what is none, or nested too deep */
export function boundedJson(text: string): JsonValue {
  const value: JsonValue = JSON.parse(text);
  // A level takes two characters at least: short texts, as nearly all events of a stream are, need no look.
  if (text.length > 2 * maxDepth && isDeeper(value, maxDepth))
    throw new Error(`it is nested deeper than ${maxDepth} levels`);
  return value;
}
