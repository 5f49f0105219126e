import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ModelTraits } from './model-traits.ts';
import { isStrictByDefault } from './strict-form.ts';

/** Hides fields that may contain API keys of other servers. */
function redactedServer(tool: JsonObject): JsonObject {
  const { headers, server_url: url } = tool;
  return {
    ...tool,
    ...(isJsonObject(headers)
      ? { headers: Object.fromEntries(Object.keys(headers).map((name) => [name, '<redacted>'])) }
      : {}),
    ...(typeof url === 'string' ? { server_url: url.replace(/^(\w+:\/\/[^/]+).*/, '$1/<redacted>') } : {}),
    ...('authorization' in tool ? { authorization: '<redacted>' } : {}),
  };
}

/** A function without `strict` is echoed as strict if its schema has a strict form. */
function echoedFunction(tool: JsonObject): JsonObject {
  const { allowed_callers: callers, defer_loading: deferred, async, parameters, strict } = tool;
  return {
    type: 'function',
    ...(callers === undefined ? {} : { allowed_callers: callers }),
    ...(async === undefined ? {} : { async }),
    ...(deferred === undefined ? {} : { defer_loading: deferred }),
    description: tool['description'] ?? null,
    name: tool['name'] ?? '',
    output_schema: tool['output_schema'] ?? null,
    parameters: parameters ?? null,
    strict: typeof strict === 'boolean' ? strict : isStrictByDefault(parameters),
  };
}

/** A tool as the response echoes it, with defaults filled in. */
export function echoedTool(tool: JsonValue): JsonValue {
  if (!isJsonObject(tool)) return tool;
  const { type, tools } = tool;
  if (type === 'mcp') return redactedServer(tool);
  if (type === 'function') return echoedFunction(tool);
  if (type === 'tool_search') return { description: null, parameters: null, ...tool };
  return type === 'namespace' && Array.isArray(tools) ? { ...tool, tools: tools.map(echoedTool) } : tool;
}

export function echoedText(text: JsonValue | undefined): JsonObject {
  const given = isJsonObject(text) ? text : {};
  return { format: given['format'] ?? { type: 'text' }, verbosity: given['verbosity'] ?? 'medium' };
}

export function echoedReasoning(
  reasoning: JsonValue | undefined,
  { reasoningContext }: ModelTraits,
): JsonObject {
  const { context, effort, mode, summary } = isJsonObject(reasoning) ? reasoning : {};
  const reasons = reasoningContext !== null;
  return {
    context: (context === 'auto' ? null : context) ?? reasoningContext,
    effort: effort ?? (reasons ? 'medium' : null),
    ...(reasons || mode !== undefined ? { mode: mode ?? 'standard' } : {}),
    summary: summary ?? null,
  };
}

/** Parameters that a response shows only if the create had them, with defaults filled in. */
export function echoedWhereGiven(body: JsonObject): JsonObject {
  const { background_options: options, conversation, image, prompt, prompt_cache_options: cache } = body;
  const compression = isJsonObject(image) ? image['context_compression'] : undefined;
  return {
    ...(isJsonObject(options) ? { background_options: { completion_window: 'soonest', ...options } } : {}),
    ...(typeof conversation === 'string' ? { conversation: { id: conversation } } : {}),
    ...(isJsonObject(conversation) ? { conversation } : {}),
    ...(isJsonObject(prompt) ? { prompt: { variables: null, version: null, ...prompt } } : {}),
    ...(isJsonObject(cache) ? { prompt_cache_options: { mode: 'implicit', ttl: '30m', ...cache } } : {}),
    ...(isJsonObject(image)
      ? { image: { context_compression: compression === 'enabled' ? 'enabled' : 'disabled' } }
      : {}),
  };
}
