import type { JsonObject } from '../../wire/json.ts';

/**
 * Whether a type has the API's form. Without this check, `{ type: 'mcp:docs' }` would be treated as the server with
 * that label.
 */
const isType = (type: unknown): type is string => typeof type === 'string' && /^\w+$/.test(type);

/** Returns the name of a tool in `allow.hostedTools`: its type, or `mcp:<server_label>`. Empty if it is not a tool. */
export function hostedToolName({ type, server_label: label }: JsonObject): string {
  if (!isType(type)) return '';
  if (type !== 'mcp') return type;
  return typeof label === 'string' ? `mcp:${label}` : '';
}
