import { isWords, redacted, searchableSecrets, type SecretChoice } from './secret-values.ts';

/**
 * Divides a URL into the part up to its scheme, user info, host and path, query, fragment. URL parsers are lenient (URL
 * standard, section 4.4): they drop spaces and control characters, and accept one slash, none, or backslashes in place
 * of two. User info without slashes is recognized by its colon and its `@`.
 */
const url =
  /^([^!-\uffff]*(?:(?:https?|wss?):|[a-z][a-z0-9+.-]*:(?=[\\/]{2}))?[\\/]*)((?:[^/\\?#]*@)|(?:[^?#]*:[^?#]*@))?([^?#]*)(\?[^#]*)?(#.*)?$/is;

/** Matches a host with or without a port. Any other text after a colon may be a password. */
const host = /^(?:\[[\da-f:.]*\]|[^:@\s]*)(?::\d*)?$/i;

interface UrlParts {
  readonly scheme: string;
  readonly user: string;
  readonly rest: string;
  readonly query: string;
  readonly fragment: string;
}

/** Divides a URL into its parts; undefined if it is unclear which of them contain secrets. */
function partsOf(text: string): UrlParts | undefined {
  const [, scheme = '', user = '', rest = '', query = '', fragment = ''] = url.exec(text) ?? [];
  // A second port may in fact be user info without an `@`.
  const [name = ''] = rest.split(/[\\/]/);
  const isReadable = host.test(name) && !fragment.includes('@');
  return isReadable ? { scheme, user, rest, query, fragment } : undefined;
}

/**
 * Whether a part of a path is a token: long, and not made of words. Some servers take a token in the path. Other parts
 * stay readable, because the path helps to identify the server.
 */
function isToken(part: string): boolean {
  return part.length >= 16 && !isWords(part);
}

/** Removes user info, query, fragment and the tokens in the path from a URL. Removes an unreadable URL completely. */
export function redactedUrl(text: string): string {
  const parts = partsOf(text);
  if (parts === undefined) return redacted;
  const { scheme, user, rest, query, fragment } = parts;
  const shown = rest.replace(/(?<=[\\/])[^\\/]+/g, (part) => (isToken(part) ? redacted : part));
  return [scheme, user && `${redacted}@`, shown, query && `?${redacted}`, fragment && `#${redacted}`].join(
    '',
  );
}

/**
 * The secrets in a URL: name and password, tokens in its path, and values of its query and fragment, selected by their
 * names.
 */
export function secretsOfUrl(text: string, choice: SecretChoice = searchableSecrets): readonly string[] {
  const parts = partsOf(text);
  if (parts === undefined) return [text, ...text.split(/[\s/\\:@?#&=]+/)].filter((part) => part !== '');
  const user = parts.user.slice(0, -1);
  const values = `${parts.query.slice(1)}&${parts.fragment.slice(1)}`
    .split('&')
    .flatMap((pair) => choice(pair.split('=')[0] ?? '', [pair.slice(pair.indexOf('=') + 1).trim()]));
  const tokens = parts.rest.split(/[\\/]/).slice(1).filter(isToken);
  return [...user.split(':'), ...user.split(/[:@/\\]+/), ...tokens, ...values].filter((part) => part !== '');
}
