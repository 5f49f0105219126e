import { removeKnown } from './remove-known.ts';

/**
 * Patterns of secrets: keys, tokens, credentials in addresses, organisations, projects, and stack traces. Masked keys
 * are included, because the type of the key and its last characters remain readable.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\n[^\S\n]*at [\s\S]*$/, ''],
  [/\bBearer\s+[^\s"',;]+/gi, 'Bearer [removed]'],
  [/\b(?:sk|rk|pk|sess|ek)-[\w*-]{4,}/g, '[removed]'],
  [/\borg-[\w-]{6,}/g, '[removed]'],
  [/\bproj_[\w-]{6,}/g, '[removed]'],
  [/\buser-[A-Za-z0-9]{12,}/g, '[removed]'],
  // A JSON web token, even if it is truncated.
  [/\beyJ[\w-]{8,}(?:\.[\w-]+\.[\w-]*|\.?[\w-]*$)/g, '[removed]'],
  // Credentials before the host of an address, and the values of its query. The address may be percent-encoded, or have
  // a prefix that only lenient parsers accept.
  [/((?:\b[a-z][a-z0-9+.-]*:|(?<!:))[\\/]{2}|\b(?:https?|wss?):[\\/]?)[^\s\\/?#"'<>]+@/gi, '$1[removed]@'],
  [/(\b[a-z][a-z0-9+.-]*%3a%2f%2f)(?:(?!%40|%2f|%3f|%23)[^\s"'<>])+%40/gi, '$1[removed]%40'],
  [/(\b(?:[a-z][a-z0-9+.-]*:[\\/]{2}|https?:)[^\s"'?#]*\?)[^\s"'#]+/gi, '$1[removed]'],
];

/** Removes `Basic` with base64 of `user:password`. The words “basic authentication” stay. */
function withoutBasic(text: string): string {
  return text.replace(/\bBasic\s+([A-Za-z0-9+/]{4,}={0,2})/gi, (whole, pair: string) => {
    try {
      // A truncated pair may have one character too many.
      return atob(pair.length % 4 === 1 ? pair.slice(0, -1) : pair).includes(':') ? 'Basic [removed]' : whole;
    } catch {
      return whole;
    }
  });
}

/** Maximum length of an error text. Servers quote the client's request, and the patterns are slow for long texts. */
const longestText = 4_000;

/** Maximum number of characters of a text that are searched for known secrets. The rest is dropped. */
const mostSearched = 2 ** 18;

/** Cleans a text of the API for the client. `known` are the secrets of this exchange: the key, the API's host. */
export function redact(text: string, known: readonly string[]): string {
  // The text is truncated after the removal, because half of a secret would not be found.
  let clean = removeKnown(text.slice(0, mostSearched), known, '[removed]').slice(0, longestText);
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  return withoutBasic(clean).slice(0, longestText);
}
