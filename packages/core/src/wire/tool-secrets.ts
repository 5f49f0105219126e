import type { CreateBody, WireTool } from './create-body.ts';
import type { InputItem } from './items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';

/** Stands for a secret wherever a request is shown or saved. */
export const redacted = '[redacted]';

/** Tools whose fields are the user's own names: a parameter may be called `authorization`. */
const ownTools: readonly string[] = ['function', 'custom', 'namespace'];

/** A URL in its parts: scheme, user info, host and path, query, fragment. */
const url = /^([a-z][a-z0-9+.-]*:\/\/)([^/?#]*@)?([^?#]*)(\?[^#]*)?(#.*)?$/i;

/** A URL without its user info and its query. Unchanged where it has neither. */
function redactedUrl(text: string): string {
  const [, scheme = '', user = '', rest = '', query = '', fragment = ''] = url.exec(text) ?? [];
  if (user + query === '') return text;
  return [scheme, user && `${redacted}@`, rest, query && `?${redacted}`, fragment].join('');
}

/** Where a secret of a hosted tool is: the same for the same tool in every request. */
type Change = (place: string, value: string, shown: string) => string;

function inValue(value: JsonValue | undefined, place: string, change: Change): JsonValue | undefined {
  if (Array.isArray(value))
    return value.map((part, index) => inValue(part, `${place}[${index}]`, change) ?? null);
  if (!isJsonObject(value)) return value;
  return inFields(value, place, change);
}

function inFields(object: JsonObject, place: string, change: Change): JsonObject {
  const entries = Object.entries(object).map(([field, value]): [string, JsonValue | undefined] => {
    const at = `${place}.${field}`;
    if (typeof value === 'string') {
      if (field === 'authorization') return [field, change(at, value, redacted)];
      const shown = field === 'server_url' ? redactedUrl(value) : value;
      // What stands in the place of a secret is named too: it must be filled before the request is sent.
      return [field, shown !== value || shown.includes(redacted) ? change(at, value, shown) : value];
    }
    if (field === 'headers' && isJsonObject(value)) return [field, inHeaders(value, at, change)];
    if (field === 'domain_secrets' && Array.isArray(value)) {
      return [field, value.map((one, index) => inDomainSecret(one, `${at}[${index}]`, change))];
    }
    return [field, inValue(value, at, change)];
  });
  return Object.fromEntries(entries);
}

function inHeaders(headers: JsonObject, place: string, change: Change): JsonObject {
  const entries = Object.entries(headers).map(([name, value]): [string, JsonValue | undefined] => [
    name,
    typeof value === 'string' ? change(`${place}.${name}`, value, redacted) : value,
  ]);
  return Object.fromEntries(entries);
}

function inDomainSecret(secret: JsonValue, place: string, change: Change): JsonValue {
  if (!isJsonObject(secret) || typeof secret['value'] !== 'string') return secret;
  return { ...secret, value: change(`${place}.value`, secret['value'], redacted) };
}

/**
 * The tools with each secret of a hosted one changed: `authorization`, the values of `headers`, the user info and query
 * of `server_url`, the values of `domain_secrets`. `place` names a secret by its tool's label and field; `shown` is what
 * may stand in its place.
 */
export function mapToolSecrets(tools: readonly WireTool[], change: Change): readonly WireTool[] {
  return tools.map((tool) => {
    if (!isJsonObject(tool) || ownTools.includes(tool.type)) return tool;
    const label = tool['server_label'];
    return { ...inFields(tool, typeof label === 'string' ? label : tool.type, change), type: tool.type };
  });
}

/** A request as it may be shown and saved. */
export function withoutToolSecrets(body: CreateBody): CreateBody {
  const { tools } = body;
  return tools === undefined
    ? body
    : { ...body, tools: mapToolSecrets(tools, (_place, _value, shown) => shown) };
}

/** The secrets of these tools, by place. What stands in the place of one is none. */
export function toolSecrets(tools: readonly WireTool[]): ReadonlyMap<string, string> {
  const secrets = new Map<string, string>();
  mapToolSecrets(tools, (place, value, shown) => {
    if (value !== shown) secrets.set(place, value);
    return value;
  });
  return secrets;
}

/** The texts by which a server may quote a secret: of a URL its user info and the values of its query, not the whole. */
export function secretTexts(secrets: ReadonlyMap<string, string>): readonly string[] {
  return [...secrets].flatMap(([place, value]) =>
    place.endsWith('.server_url') ? secretsOfUrl(value) : [value],
  );
}

/** What a URL may hold of secrets: name and password, and the values of its query, where their name says so. */
export function secretsOfUrl(text: string, named: RegExp = /./): readonly string[] {
  const [, , user = '', , query = ''] = url.exec(text) ?? [];
  const values = query
    .slice(1)
    .split('&')
    .filter((pair) => named.test(pair.split('=')[0] ?? ''))
    .map((pair) => pair.slice(pair.indexOf('=') + 1));
  return [...user.slice(0, -1).split(':'), ...values].filter((part) => part !== '');
}

/** Where secrets of tools belong instead, for messages. */
export const saferPlaces = 'give them in the `tools` of the agent, or let prepareRequest set `tools`';

/** Where items have a secret of a hosted tool, as `additional_tools` may; undefined where they have none. */
export function secretInItems(items: readonly InputItem[]): string | undefined {
  for (const [index, { tools }] of items.entries()) {
    if (!Array.isArray(tools)) continue;
    const [place] = toolSecrets(tools.filter(isTool)).keys();
    if (place !== undefined) return `input[${index}].tools: ${place}`;
  }
  return undefined;
}

function isTool(value: unknown): value is WireTool {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
