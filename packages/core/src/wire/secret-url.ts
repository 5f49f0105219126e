import { redacted } from './redacted.ts';
import { isWords, searched, type Choice } from './searched.ts';

/**
 * A URL in its parts: what is before it and its scheme, user info, host and path, query, fragment. URL parsers are lenient
 * (URL standard, section 4.4): they drop spaces and control characters, and take one slash, none, or backslashes for
 * two. User info without its slashes is known by its colon and its `@`.
 */
const url =
  /^([^!-\uffff]*(?:(?:https?|wss?):|[a-z][a-z0-9+.-]*:(?=[\\/]{2}))?[\\/]*)((?:[^/\\?#]*@)|(?:[^?#]*:[^?#]*@))?([^?#]*)(\?[^#]*)?(#.*)?$/is;

/** How a host ends: with its port, or with nothing. Anything else after a colon may be a password. */
const host = /^(?:\[[\da-f:.]*\]|[^:@\s]*)(?::\d*)?$/i;

interface UrlParts {
  readonly scheme: string;
  readonly user: string;
  readonly rest: string;
  readonly query: string;
  readonly fragment: string;
}

/** The parts of a URL; undefined where it cannot be told which of them hold secrets. */
function partsOf(text: string): UrlParts | undefined {
  const [, scheme = '', user = '', rest = '', query = '', fragment = ''] = url.exec(text) ?? [];
  // A port in the path is no port: what looks like one is user info without an `@`.
  const [name = ''] = rest.split(/[\\/]/);
  const isReadable = host.test(name) && !fragment.includes('@');
  return isReadable ? { scheme, user, rest, query, fragment } : undefined;
}

/**
 * Some servers take a token in the path: a part of it that is long, and not made of words. Paths without one stay
 * readable, since a server is known by its path, too.
 */
function isToken(part: string): boolean {
  return part.length >= 16 && !isWords(part);
}

/**
 * A URL without its user info, query, fragment and the tokens in its path; nothing of one that cannot be read. Unchanged
 * where it has none of them.
 */
export function redactedUrl(text: string): string {
  const parts = partsOf(text);
  if (parts === undefined) return redacted;
  const { scheme, user, rest, query, fragment } = parts;
  const shown = rest.replace(/(?<=[\\/])[^\\/]+/g, (part) => (isToken(part) ? redacted : part));
  return [scheme, user && `${redacted}@`, shown, query && `?${redacted}`, fragment && `#${redacted}`].join(
    '',
  );
}

/** What a URL may hold of secrets: name and password, tokens in its path, and values of its query, by their names. */
export function secretsOfUrl(text: string, choice: Choice = searched): readonly string[] {
  const parts = partsOf(text);
  if (parts === undefined) return [text, ...text.split(/[\s/\\:@?#&=]+/)].filter((part) => part !== '');
  const user = parts.user.slice(0, -1);
  const values = `${parts.query.slice(1)}&${parts.fragment.slice(1)}`
    .split('&')
    .flatMap((pair) => choice(pair.split('=')[0] ?? '', [pair.slice(pair.indexOf('=') + 1).trim()]));
  const tokens = parts.rest.split(/[\\/]/).slice(1).filter(isToken);
  return [...user.split(':'), ...user.split(/[:@/\\]+/), ...tokens, ...values].filter((part) => part !== '');
}
