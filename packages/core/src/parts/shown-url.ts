import type { JsonValue } from '../wire/json.ts';

/**
 * Returns an address that a page may show as an image or as a link. Undefined for all other values: a `javascript:`
 * link in an answer or in a visitor's input would run code in the page.
 */
export function shownUrl(url: JsonValue | undefined): string | undefined {
  return typeof url === 'string' && /^(?:https?:\/\/|data:)/i.test(url) ? url : undefined;
}
