import type { JsonObject } from '../../wire/json.ts';

/** How `allow.hostedTools` calls a tool: its type, or `mcp:<server_label>`. Empty for what is no tool. */
export function hostedToolName({ type, server_label: label }: JsonObject): string {
  if (type === 'mcp' && typeof label === 'string') return `mcp:${label}`;
  return typeof type === 'string' ? type : '';
}
