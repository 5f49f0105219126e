import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';

/** Shorter values are words that any text may have (`2`, `beta`), and no secrets. */
const shortest = 8;

const isLong = (value: string): boolean => value.length >= shortest;

function decoded(text: string, decode: (text: string) => string): readonly string[] {
  try {
    return [decode(text)];
  } catch {
    return [];
  }
}

/** An address that the server connects to: as a whole, its host, and what in it lets one in. */
function secretsOfURL({ href, host, username, password, pathname, searchParams }: URL): readonly string[] {
  const user = [username, password].flatMap((part) => [part, ...decoded(part, decodeURIComponent)]);
  // Some servers take a token in the path. The words of a path are shorter.
  const tokens = pathname.split('/').filter((part) => part.length >= 2 * shortest);
  return [href, host, ...user, ...tokens, ...searchParams.values()];
}

/** What `Authorization: <scheme> <credentials>` and other headers carry, also where a server quotes a part of it. */
export function secretsOfHeader(value: string): readonly string[] {
  const [scheme = '', credentials = ''] = value.split(/\s+(.*)/);
  const basic = scheme.toLowerCase() === 'basic' ? decoded(credentials, atob) : [];
  const password = basic.map((pair) => pair.slice(pair.indexOf(':') + 1));
  return [value, credentials, ...basic, ...password].filter(isLong);
}

/** The address of the API: the host is the operator's, and its query may hold a token. */
export function secretsOfBaseURL({ host, searchParams }: URL): readonly string[] {
  return [host, ...[...searchParams.values()].filter(isLong)];
}

/** Settings of hosted tools that clients may read (openai 7.59). Every other string is an id, a place or a credential. */
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
    return url === null ? secretsOfHeader(value) : [value, ...secretsOfURL(url)].filter(isLong);
  }
  if (Array.isArray(value)) return value.flatMap((one: JsonValue) => secretsOfSetting(one));
  return isJsonObject(value) ? secretsOfTool(value) : [];
}

/** What the parameters of a hosted tool hold that clients must not see: its ids, addresses and credentials. */
export function secretsOfTool(parameters: JsonObject): readonly string[] {
  return Object.entries(parameters).flatMap(([key, value]) =>
    plainSettings.has(key) ? [] : secretsOfSetting(value),
  );
}
