import type { JsonObject } from '../../wire/json.ts';

/** A type as the API writes types. Without this `{ type: 'mcp:docs' }` would pass for the server of that label. */
const isType = (type: unknown): type is string => typeof type === 'string' && /^\w+$/.test(type);

/** How `allow.hostedTools` calls a tool: its type, or `mcp:<server_label>`. Empty for what is no tool. */
export function hostedToolName({ type, server_label: label }: JsonObject): string {
  if (!isType(type)) return '';
  if (type !== 'mcp') return type;
  return typeof label === 'string' ? `mcp:${label}` : '';
}
