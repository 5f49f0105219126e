import { boundedJson } from '../wire/bounded-json.ts';
import { foreignMessage } from '../wire/foreign-message.ts';

/** Characters of a foreign answer's text that a message quotes at most. */
const mostQuoted = 300;

/** Whether a body is a web page, by its media type or by how it begins. */
export function isPage(contentType: string | null | undefined, text: string): boolean {
  return (
    /^\s*(?:text\/html|application\/xhtml\+xml)\b/i.test(contentType ?? '') ||
    /^\s*(?:<!doctype html|<html)\b/i.test(text)
  );
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function titleOf(page: string): string | undefined {
  const title = /<title[^>]*>([^<]{0,500})/i.exec(page)?.[1] ?? /<h1[^>]*>([^<]{0,500})/i.exec(page)?.[1];
  return title?.replace(/&(\w+);/g, (whole, name: string) => entities[name] ?? whole);
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

/** What an answer that is not the API's says, in one line for an error's message; undefined where it says nothing. */
export function foreignText(text: string): string | undefined {
  const line = wordsOf(text)?.replace(/\s+/g, ' ').trim() ?? '';
  if (line === '') return undefined;
  return line.length > mostQuoted ? `${line.slice(0, mostQuoted).toWellFormed()}…` : line;
}
