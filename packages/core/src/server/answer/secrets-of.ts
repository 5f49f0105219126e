import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

/** Shorter values are words that any text may contain (`2`, `beta`), and not secrets. */
const shortest = 8;

const isLong = (value: string): boolean => value.length >= shortest;

function decoded(text: string, decode: (text: string) => string): readonly string[] {
  try {
    return [decode(text)];
  } catch {
    return [];
  }
}

/** The names of a server in messages and addresses: with and without port, brackets and final dot. */
function namesOf({ host, hostname }: URL): readonly string[] {
  const bare = hostname.replace(/^\[|\]$|\.$/g, '');
  if (/[.:]/.test(bare) || isLong(bare)) return [host, hostname, bare];
  // A word that any text may contain counts as a name only within an address.
  return [`//${bare}`, `@${bare}`, ...(host === hostname ? [] : [host])];
}

/** The long segments of a path, because some servers take a token in the path. Ordinary segments are shorter. */
function tokensIn({ pathname }: URL): readonly string[] {
  return pathname.split('/').filter((part) => part.length >= 2 * shortest);
}

/**
 * The secrets of an address that the server connects to: the whole address, its host names, and the credentials in it.
 */
function secretsOfURL(url: URL): readonly string[] {
  const { href, username, password, searchParams } = url;
  const user = [username, password].flatMap((part) => [part, ...decoded(part, decodeURIComponent)]);
  const parts = [href, ...user, ...tokensIn(url), ...searchParams.values()];
  return [...namesOf(url), ...parts.filter(isLong)];
}

/**
 * The secrets in `Authorization: <scheme> <credentials>` and other headers, including the parts that a server may
 * quote.
 */
export function secretsOfHeader(value: string): readonly string[] {
  const [scheme = '', credentials = ''] = value.split(/\s+(.*)/);
  const basic = scheme.toLowerCase() === 'basic' ? decoded(credentials, atob) : [];
  const password = basic.map((pair) => pair.slice(pair.indexOf(':') + 1));
  return [value, credentials, ...basic, ...password].filter(isLong);
}

/**
 * The secrets in the API's address. The host is private to the operator, and the path and query may contain a token.
 */
export function secretsOfBaseURL(url: URL): readonly string[] {
  return [...new Set([...namesOf(url), ...tokensIn(url), ...[...url.searchParams.values()].filter(isLong)])];
}

/**
 * Settings of hosted tools that clients may read (openai 7.59). Every other string is treated as an id, an address or a
 * credential.
 */
const plainSettings: ReadonlySet<string> = new Set([
  'action',
  'allowed_callers',
  'allowed_tools',
  'background',
  'city',
  'country',
  'description',
  'effort',
  'execution',
  'input_fidelity',
  'memory_limit',
  'mode',
  'model',
  'moderation',
  'name',
  'output_format',
  'parameters',
  'quality',
  'ranker',
  'region',
  'require_approval',
  'search_context_size',
  'server_description',
  'server_label',
  'size',
  'timezone',
  'tool_names',
  'type',
]);

function secretsOfSetting(value: JsonValue | undefined): readonly string[] {
  if (typeof value === 'string') {
    const url = /^[a-z][a-z0-9+.-]*:\/\//i.test(value) ? URL.parse(value) : null;
    return url === null ? secretsOfHeader(value) : [value, ...secretsOfURL(url)];
  }
  if (Array.isArray(value)) return value.flatMap((one: JsonValue) => secretsOfSetting(one));
  return isJsonObject(value) ? secretsOfTool(value) : [];
}

/** The secrets in the parameters of a hosted tool: its ids, addresses and credentials. */
export function secretsOfTool(parameters: JsonObject): readonly string[] {
  return Object.entries(parameters).flatMap(([key, value]) =>
    plainSettings.has(key) ? [] : secretsOfSetting(value),
  );
}
