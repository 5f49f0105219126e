import { removeKnown } from './remove-known.ts';

/**
 * What must not pass in a message: keys (masked ones too: they name the key's kind and its last characters), tokens,
 * credentials in addresses, organisations, projects, and the frames of a stack trace.
 */
const secrets: readonly (readonly [RegExp, string])[] = [
  [/\n[^\S\n]*at [\s\S]*$/, ''],
  [/\bBearer\s+[^\s"',;]+/gi, 'Bearer [removed]'],
  [/\b(?:sk|rk|pk|sess|ek)-[\w*-]{4,}/g, '[removed]'],
  [/\borg-[\w-]{6,}/g, '[removed]'],
  [/\bproj_[\w-]{6,}/g, '[removed]'],
  [/\buser-[A-Za-z0-9]{12,}/g, '[removed]'],
  // A JSON web token, also one that was cut off at the end.
  [/\beyJ[\w-]{8,}(?:\.[\w-]+\.[\w-]*|\.?[\w-]*$)/g, '[removed]'],
  // User info, and the values of a query: also after prefixes that only a lenient reader takes, and percent-encoded.
  [/((?:\b[a-z][a-z0-9+.-]*:|(?<!:))[\\/]{2}|\b(?:https?|wss?):[\\/]?)[^\s\\/?#"'<>]+@/gi, '$1[removed]@'],
  [/(\b[a-z][a-z0-9+.-]*%3a%2f%2f)(?:(?!%40|%2f|%3f|%23)[^\s"'<>])+%40/gi, '$1[removed]%40'],
  [/(\b(?:[a-z][a-z0-9+.-]*:[\\/]{2}|https?:)[^\s"'?#]*\?)[^\s"'#]+/gi, '$1[removed]'],
];

/** `Basic` and base64 of `user:password`: "basic authentication" is none. */
function withoutBasic(text: string): string {
  return text.replace(/\bBasic\s+([A-Za-z0-9+/]{4,}={0,2})/gi, (whole, pair: string) => {
    try {
      // One that was cut off at the end may have a character too many.
      return atob(pair.length % 4 === 1 ? pair.slice(0, -1) : pair).includes(':') ? 'Basic [removed]' : whole;
    } catch {
      return whole;
    }
  });
}

/** Characters of an error that are shown. Servers quote what a client sent, and patterns take time for long texts. */
const longestText = 4_000;

/** Of a longer one no more is searched: what follows is not shown. */
const mostSearched = 2 ** 18;

/** A text of the API's, fit for the client's eyes. `known` are secrets of this exchange: the key, the API's host. */
export function scrub(text: string, known: readonly string[]): string {
  // Cut only after that: half a secret is none that is known.
  let clean = removeKnown(text.slice(0, mostSearched), known, '[removed]').slice(0, longestText);
  for (const [pattern, replacement] of secrets) clean = clean.replace(pattern, replacement);
  return withoutBasic(clean).slice(0, longestText);
}
