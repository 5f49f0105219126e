import type { WireTool } from './create-body.ts';
import type { InputItem } from './items.ts';
import { isJsonObject, textOf, wordOf, type JsonObject, type JsonValue } from './json.ts';
import { ownFields, requestFields, toolFields } from './known-fields.ts';
import { mapFields, mapParts } from './map-fields.ts';
import { redacted, searchableSecrets } from './secret-values.ts';
import { redactedUrl, secretsOfUrl } from './secret-url.ts';

type Secret = string | number;

/**
 * Called with the place of a secret, which is the same for the same tool in every request. `shown` is the text that may
 * replace it.
 */
type Change = (place: string, value: Secret, shown: Secret) => Secret;

/** Numbers of at least this size count as secrets. Smaller ones count as sizes and counts. */
const longNumber = 1e7;

/** Changes all secrets in a value, at any depth. */
function hidden(value: JsonValue, place: string, change: Change): JsonValue {
  if (typeof value === 'string' || (typeof value === 'number' && value >= longNumber))
    return change(place, value, redacted);
  if (typeof value !== 'object' || value === null) return value;
  return mapParts(value, place, (part, at) => hidden(part, at, change));
}

/** Changes the secrets in a field of a tool, or of an object inside a tool. */
function inField(value: JsonValue, field: string, place: string, change: Change): JsonValue {
  if (!toolFields.includes(field)) return hidden(value, place, change);
  if (ownFields.includes(field)) return value;
  if (typeof value === 'object' && value !== null)
    return isJsonObject(value)
      ? inTool(value, place, change)
      : mapParts(value, place, (part, at) => inField(part, field, at, change));
  if (field === 'domain_secrets') return hidden(value, place, change);
  if (field !== 'server_url' || typeof value !== 'string') return value;
  const shown = redactedUrl(value);
  return shown === value && !shown.includes(redacted) ? value : change(place, value, shown);
}

/** Changes the secrets in a tool, in a tool choice, or in an object inside one. */
function inTool<Fields extends JsonObject>(fields: Fields, place: string, change: Change): Fields {
  return mapFields(fields, (value, field) => inField(value, field, `${place}.${field}`, change));
}

/** Changes the secrets in tools. Each secret of a request has its own place. */
function inTools(tools: readonly JsonValue[], change: Change): readonly JsonValue[] {
  const named = new Map<string, number>();
  return tools.map((tool) => {
    if (!isJsonObject(tool)) return tool;
    const name = textOf(tool['server_label']) ?? wordOf(tool['type']);
    const count = (named.get(name) ?? 0) + 1;
    named.set(name, count);
    return inTool(tool, count === 1 ? name : `${name}#${count}`, change);
  });
}

/**
 * Changes each secret of a request. Secrets are all texts and long numbers in fields that the API does not know, in the
 * request, in a tool and in a tool choice. The fields of the API with secrets are `authorization`, the values of
 * `headers` and `domain_secrets`, and user info, query, fragment and the tokens in the path of `server_url`.
 */
export function mapSecrets<Fields extends JsonObject>(request: Fields, change: Change): Fields {
  return mapFields(request, (value, field) => {
    if (field === 'tools' && Array.isArray(value)) return inTools(value, change);
    if (field === 'tool_choice' && isJsonObject(value)) return inTool(value, field, change);
    return requestFields.includes(field) && field !== 'tools'
      ? value
      : hidden(value, `request.${field}`, change);
  });
}

/** Returns the request without secrets, so that it can be shown and saved. */
export function withoutSecrets<Fields extends JsonObject>(request: Fields): Fields {
  return mapSecrets(request, (_place, _value, shown) => shown);
}

/** Returns the secrets of a request, by place. A replaced secret does not count. */
export function secretsOf(request: JsonObject): ReadonlyMap<string, Secret> {
  const secrets = new Map<string, Secret>();
  mapSecrets(request, (place, value, shown) => {
    if (value !== shown) secrets.set(place, value);
    return value;
  });
  return secrets;
}

/**
 * The texts that a server may quote from a secret. Only parts of an MCP server's URL are secrets, because the URL also
 * identifies the server.
 */
export function secretTexts(secrets: ReadonlyMap<string, Secret>): readonly string[] {
  return [...secrets].flatMap(([place, secret]) => {
    const value = String(secret);
    const isServer = place.endsWith('.server_url');
    const parts = isServer || value.includes('://') ? secretsOfUrl(value) : [];
    return isServer ? parts : [...searchableSecrets(place, [value]), ...parts];
  });
}

/**
 * Returns a label that two hosted MCP servers of a request share. The API refuses such a request, and the secrets of
 * the servers would be confused.
 */
export function sharedLabel(tools: readonly WireTool[]): string | undefined {
  const labels = tools.flatMap((tool) =>
    isJsonObject(tool) && tool.type === 'mcp' ? (textOf(tool['server_label']) ?? []) : [],
  );
  return labels.find((label, index) => labels.indexOf(label) !== index);
}

/** Advice for messages: where the secrets of tools belong. */
export const saferPlaces = 'pass them in the `tools` of the agent, or set `tools` in prepareRequest';

/** The place of a secret in the tools of items, such as `additional_tools`; undefined if there is none. */
export function secretInItems(items: readonly InputItem[]): string | undefined {
  for (const [index, { type, tools }] of items.entries()) {
    // An MCP server's list of its tools does not define tools.
    if (tools === undefined || type === 'mcp_list_tools') continue;
    const [place] = secretsOf({ tools }).keys();
    if (place !== undefined) return `input[${index}].tools: ${place}`;
  }
  return undefined;
}

/** Whether a value may be an entry of `tools`. */
export function isTool(value: unknown): value is WireTool {
  return isJsonObject(value) && typeof value['type'] === 'string';
}
