import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { hostedToolName } from './hosted-tool-name.ts';
import { isArrayOf, isObjectOf, isOneOf, isString } from './json-rules.ts';
import { toolNotAllowed } from './tool-not-allowed.ts';

const isMode = isOneOf('none', 'auto', 'required');
const isNaming = isObjectOf({ type: isString, name: isString, server_label: isString });
const isAllowedTools = isObjectOf({
  type: isOneOf('allowed_tools'),
  mode: isMode,
  tools: isArrayOf(isNaming),
});

function isOffered(tool: JsonObject, hosted: ReadonlySet<string>): boolean {
  return tool['type'] === 'function' || tool['type'] === 'custom' || hosted.has(hostedToolName(tool));
}

/** Refuses a `tool_choice` that names a hosted tool that is not offered. */
export function checkToolChoice(choice: JsonValue, hosted: ReadonlySet<string>): void {
  if (isMode(choice)) return;
  // Without its type, the list would name nothing and be accepted.
  const isList = isJsonObject(choice) && choice['type'] === 'allowed_tools' && isAllowedTools(choice);
  if (!isJsonObject(choice) || (!isList && !isNaming(choice))) {
    throw toolNotAllowed('tool_choice', 'has to be `none`, `auto`, `required`, or to name tools.');
  }
  const listed: readonly JsonValue[] = Array.isArray(choice['tools']) ? choice['tools'] : [];
  const named = isList ? listed.filter(isJsonObject) : [choice];
  for (const tool of named) {
    if (!isOffered(tool, hosted))
      throw toolNotAllowed('tool_choice', 'names a tool that this server does not offer.');
  }
}
