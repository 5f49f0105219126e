import { boundedJson } from './parse-json.ts';
import { isJsonObject, type JsonValue } from './json.ts';

/**
 * Matches the beginning of a page, after comments. Each of these tags may be the first, because HTML makes the tags
 * before it optional.
 */
const beginsPage = /^(?:\s|<!--(?:(?!-->)[^])*-->)*<(?:!doctype html|html|head|body)\b/i;

/** Whether a body is a web page, by its media type or by its beginning. */
export function isPage(contentType: string | null | undefined, text: string): boolean {
  return /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '') || beginsPage.test(text);
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
  mdash: '—',
  ndash: '–',
  hellip: '…',
  rsquo: '’',
};

function withoutEntities(text: string): string {
  return text.replace(/&(?:#(\d{1,6})|#x([\da-f]{1,5})|(\w+));/gi, (whole, decimal, hex, name: string) => {
    const code = decimal === undefined ? Number.parseInt(String(hex), 16) : Number(decimal);
    return Number.isNaN(code)
      ? ((Object.hasOwn(entities, name) ? entities[name] : undefined) ?? whole)
      : String.fromCodePoint(code);
  });
}

/** Returns the title of a page, its first heading, or the message of an XML error. */
function titleOf(page: string): string | undefined {
  for (const tag of ['title', 'h1', 'message', 'faultstring', 'error']) {
    const inner = new RegExp(`<${tag}\\b[^>]{0,200}>([^]{0,500}?)</${tag}>`, 'i').exec(page)?.[1];
    const text = inner?.replace(/<[^>]*>/g, '').trim() ?? '';
    if (text !== '') return withoutEntities(text);
  }
  return undefined;
}

function wordsOf(text: string): string | undefined {
  try {
    return foreignMessage(boundedJson(text));
  } catch {
    // Not JSON. A page has a title, and a short text is itself the message.
    if (isPage(undefined, text) || /<\w+[^>]*>/.test(text)) return titleOf(text);
    return text;
  }
}

/** Maximum number of characters that are searched, because parsing tens of megabytes of JSON takes seconds. */
const longestExplanation = 2 ** 18;

/**
 * Returns the message of an answer that is not from the API, in one line; undefined if it has none. The caller
 * truncates the message after it has removed secrets, because half of a secret would not be found.
 */
export function foreignText(text: string): string | undefined {
  return wordsOf(text.slice(0, longestExplanation))?.replace(/\s+/g, ' ').trim() || undefined;
}

/**
 * The fields with the text in errors that do not have OpenAI's shape, most informative first: Ollama, FastAPI,
 * gateways, SOAP.
 */
const places: readonly string[] = [
  'error',
  'detail',
  'message',
  'errors',
  'error_description',
  'error_message',
  'errormessage',
  'msg',
  'fault',
  'faultstring',
  'title',
  'reason',
  'description',
];

/** The maximum depth at which a text is searched. */
const deepest = 4;

function textIn(value: JsonValue | undefined, depth: number): string | undefined {
  if (typeof value === 'string') return value.trim() === '' ? undefined : value;
  if (depth === 0) return undefined;
  if (Array.isArray(value)) {
    const texts = value
      .map((part: JsonValue) => textIn(part, depth - 1))
      .filter((text) => text !== undefined);
    return texts.length > 0 ? texts.join('; ') : undefined;
  }
  if (!isJsonObject(value)) return undefined;
  // .NET capitalizes names.
  const fields = new Map(Object.entries(value).map(([name, field]) => [name.toLowerCase(), field]));
  for (const place of places) {
    const text = textIn(fields.get(place), depth - 1);
    if (text !== undefined) return text;
  }
  return undefined;
}

/** Returns the text of a JSON error that does not have OpenAI's shape. Undefined if it has none. */
export function foreignMessage(body: JsonValue | undefined): string | undefined {
  // Google's servers send a list with one error.
  return textIn(Array.isArray(body) ? body.filter(isJsonObject) : body, deepest);
}
