import { boundedJson } from './bounded-json.ts';
import { foreignMessage } from './foreign-message.ts';

/** Matches the beginning of a page, after comments. Gateways omit all that HTML allows them to omit. */
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
      : String.fromCodePoint(Math.min(code, 0xff_ff));
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
 * Returns the message of an answer that is not from the API, in one line; undefined if it has none. It is not truncated
 * here, because half of a secret would not be found.
 */
export function foreignText(text: string): string | undefined {
  return wordsOf(text.slice(0, longestExplanation))?.replace(/\s+/g, ' ').trim() || undefined;
}
