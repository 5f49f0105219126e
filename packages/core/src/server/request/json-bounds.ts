/** Limits of a JSON text. */
export interface JsonBounds {
  readonly depth: number;
  readonly values: number;
  readonly keys: number;
  readonly key: number;
}

/**
 * Limits of a request to the proxy. They exceed what a request of the API needs. Parsing and traversing a body within
 * these limits takes tens of milliseconds at most.
 */
const requestBounds: JsonBounds = {
  /** Deeper values would overflow the stack of recursive functions. */
  depth: 64,
  /** Values of all kinds. A conversation of 5,000 messages has 35,000. */
  values: 50_000,
  /** Keys of one object. The API accepts schemas of 5,000 properties. Much larger objects are slow to copy. */
  keys: 5_000,
  /** Characters of a key. */
  key: 1_024,
};

const quote = 0x22;
const backslash = 0x5c;

/**
 * Describes the bound that a JSON text exceeds; undefined if it exceeds none. It scans the text once before parsing,
 * because `JSON.parse` alone takes half a second for an object of 400,000 keys. (`boundedJson`, which clients in pages
 * use too, checks only the depth, after parsing.) Invalid JSON is left to the parser.
 */
export function exceededBound(text: string, bounds: JsonBounds = requestBounds): string | undefined {
  const keysAt: number[] = [];
  let depth = 0;
  let values = 1;
  let stringLength = 0;
  for (let at = 0; at < text.length; at += 1) {
    switch (text.charCodeAt(at)) {
      case quote: {
        const start = at;
        at += 1;
        for (let code = text.charCodeAt(at); at < text.length && code !== quote; code = text.charCodeAt(at))
          at += code === backslash ? 2 : 1;
        stringLength = at - start - 1;
        break;
      }
      case 0x7b: // {
      case 0x5b: // [
        depth += 1;
        values += 1;
        keysAt[depth] = 0;
        if (depth > bounds.depth) return `is nested deeper than ${bounds.depth} levels`;
        if (values > bounds.values) return `has more than ${bounds.values} values`;
        break;
      case 0x7d: // }
      case 0x5d: // ]
        depth = Math.max(0, depth - 1);
        break;
      case 0x2c: // ,
        values += 1;
        if (values > bounds.values) return `has more than ${bounds.values} values`;
        break;
      case 0x3a: // :
        keysAt[depth] = (keysAt[depth] ?? 0) + 1;
        if ((keysAt[depth] ?? 0) > bounds.keys) return `has an object of more than ${bounds.keys} keys`;
        if (stringLength > bounds.key) return `has a key of more than ${bounds.key} characters`;
        break;
      default:
    }
  }
  return undefined;
}
