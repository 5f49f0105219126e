import type { CreateBody, WireTool } from './create-body.ts';
import type { InputItem } from './items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from './json.ts';
import { redacted } from './redacted.ts';
import { redactedUrl, secretsOfUrl } from './secret-url.ts';
import { textOf } from './text-of.ts';

/** Tools whose fields are the user's own names: a parameter may be called `authorization`. */
const ownTools: readonly string[] = ['function', 'custom', 'namespace'];

/** Where a secret of a hosted tool is: the same for the same tool in every request. */
type Change = (place: string, value: string, shown: string) => string;

/** Fields whose value is a secret, whatever its shape: the API's, and those of gateways that have others (xAI). */
const secretField = /authorization|headers$|api_?key|token$|secret$|password/i;

function inValue(value: JsonValue | undefined, place: string, change: Change): JsonValue | undefined {
  if (Array.isArray(value))
    return value.map((part, index) => inValue(part, `${place}[${index}]`, change) ?? null);
  if (!isJsonObject(value)) return value;
  return inFields(value, place, change);
}

function inFields(object: JsonObject, place: string, change: Change): JsonObject {
  const entries = Object.entries(object).map(([field, value]): [string, JsonValue | undefined] => {
    const at = `${place}.${field}`;
    const name = field.toLowerCase();
    if (value === undefined || value === null) return [field, value];
    if (secretField.test(name)) return [field, inTexts(value, at, change, () => redacted)];
    if (/^(server_?)?url$/.test(name)) return [field, inTexts(value, at, change, redactedUrl)];
    if (name === 'domain_secrets') return [field, inDomainSecrets(value, at, change)];
    // What stands in the place of a secret is named too: it must be filled before the request is sent.
    if (typeof value === 'string')
      return [field, value.includes(redacted) ? change(at, value, value) : value];
    return [field, inValue(value, at, change)];
  });
  return Object.fromEntries(entries);
}

/** Every text in a value that is a secret, however deep. The API takes one shape, and refuses the others aloud. */
function inTexts(
  value: JsonValue,
  place: string,
  change: Change,
  shown: (text: string) => string,
): JsonValue {
  if (typeof value === 'number') {
    const text = String(value);
    const changed = change(place, text, shown(text));
    return changed === text ? value : changed;
  }
  if (typeof value === 'string') {
    const show = shown(value);
    return show !== value || show.includes(redacted) ? change(place, value, show) : value;
  }
  if (Array.isArray(value))
    return value.map((part, index) => inTexts(part, `${place}[${index}]`, change, shown));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, part = null]) => [
      name,
      inTexts(part, `${place}.${name}`, change, shown),
    ]),
  );
}

/** Names of a domain secret that are none. */
const ofDomain: readonly string[] = ['domain', 'name'];

function inDomainSecrets(value: JsonValue, place: string, change: Change): JsonValue {
  if (Array.isArray(value))
    return value.map((one, index) => inDomainSecrets(one, `${place}[${index}]`, change));
  if (!isJsonObject(value)) return inTexts(value, place, change, () => redacted);
  return Object.fromEntries(
    Object.entries(value).map(([name, part = null]) => {
      const isName = ofDomain.includes(name) && typeof part === 'string';
      return [name, isName ? part : inTexts(part, `${place}.${name}`, change, () => redacted)];
    }),
  );
}

/**
 * The tools with each secret of a hosted one changed: `authorization`, the values of `headers`, the user info and query
 * of `server_url`, the values of `domain_secrets`. `place` names a secret by its tool's label and field, and no two
 * secrets of a request alike; `shown` is what may stand in its place.
 */
export function mapToolSecrets(tools: readonly WireTool[], change: Change): readonly WireTool[] {
  const named = new Map<string, number>();
  return tools.map((tool) => {
    if (!isJsonObject(tool) || ownTools.includes(tool.type)) return tool;
    const name = textOf(tool['server_label']) ?? tool.type;
    const count = (named.get(name) ?? 0) + 1;
    named.set(name, count);
    return { ...inFields(tool, count === 1 ? name : `${name}#${count}`, change), type: tool.type };
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
    /\.(server_?)?url[^.]*$/i.test(place) ? secretsOfUrl(value) : [value],
  );
}

/** A label that two hosted MCP servers of a request share: the API refuses it, and their secrets would be mixed up. */
export function sharedLabel(tools: readonly WireTool[]): string | undefined {
  const labels = tools.flatMap((tool) =>
    isJsonObject(tool) && tool.type === 'mcp' ? (textOf(tool['server_label']) ?? []) : [],
  );
  return labels.find((label, index) => labels.indexOf(label) !== index);
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

/** Whether a value may be an entry of `tools`. */
export function isTool(value: unknown): value is WireTool {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
