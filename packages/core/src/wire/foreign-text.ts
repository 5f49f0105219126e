import { boundedJson } from './bounded-json.ts';
import { foreignMessage } from './foreign-message.ts';

/** How a page begins, after comments: gateways leave out what HTML lets them leave out. */
const beginsPage = /^(?:\s|<!--(?:(?!-->)[^])*-->)*<(?:!doctype html|html|head|body)\b/i;

/** Whether a body is a web page, by its media type or by how it begins. */
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

/** The title of a page, its first heading, or the message of an XML error. */
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
    // No JSON: a page has a title, and a short text says what it says.
    if (isPage(undefined, text) || /<\w+[^>]*>/.test(text)) return titleOf(text);
    return text;
  }
}

/** Characters that are searched for what they say: tens of megabytes of JSON would be parsed for seconds. */
const longestExplanation = 2 ** 18;

/**
 * What an answer that is not the API's says, in one line for an error's message; undefined where it says nothing. It is
 * not cut here: half a secret could not be found any more.
 */
export function foreignText(text: string): string | undefined {
  return wordsOf(text.slice(0, longestExplanation))?.replace(/\s+/g, ' ').trim() || undefined;
}
