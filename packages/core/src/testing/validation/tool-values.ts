import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { noSource } from './content-parts.ts';
import { kindError, type Kind } from './kinds.ts';
import { fieldsError, type NestedFields } from './nested-fields.ts';
import { missing, unsupportedValue, wrongType } from './type-errors.ts';

/** The kinds of fields that are the same for all tools. The kind of `environment` depends on the tool. */
const kinds: { readonly [field: string]: Kind } = {
  action: 'string',
  allowed_callers: 'array',
  async: 'boolean',
  authorization: 'string',
  background: 'string',
  connector_id: 'string',
  container: 'object or string',
  defer_loading: 'boolean',
  description: 'string',
  display_height: 'integer',
  display_width: 'integer',
  execution: 'string',
  external_web_access: 'boolean',
  filters: 'object',
  headers: 'object',
  input_fidelity: 'string',
  input_image_mask: 'object',
  max_num_results: 'integer',
  model: 'string',
  moderation: 'string',
  output_compression: 'integer',
  output_format: 'string',
  output_schema: 'object',
  parameters: 'object',
  partial_images: 'integer',
  quality: 'string',
  ranking_options: 'object',
  search_content_types: 'array',
  search_context_size: 'string',
  server_description: 'string',
  server_label: 'string',
  server_url: 'string',
  size: 'string',
  strict: 'boolean',
  tools: 'array',
  tunnel_id: 'string',
  user_location: 'object',
  vector_store_ids: 'array',
};

/** The fields of a custom tool's `format`, by its type. */
const customFormats: { readonly [type: string]: NestedFields } = {
  text: { required: ['type'], kinds: { type: 'string' } },
  grammar: {
    required: ['type', 'definition', 'syntax'],
    kinds: { type: 'string', definition: 'string', syntax: 'string' },
  },
};

/**
 * The fields that locate an MCP server. At least one is required (`openai`'s types, and recordings of Azure clients).
 */
const serverPlaces: readonly string[] = ['server_url', 'connector_id', 'tunnel_id'];

const approvals: readonly string[] = ['always', 'never'];
const approvalFields: NestedFields = { required: [], kinds: { always: 'object', never: 'object' } };
const filterFields: NestedFields = { required: [], kinds: { read_only: 'boolean', tool_names: 'array' } };

function customError(format: JsonValue | undefined, param: string): ApiError | undefined {
  if (format === undefined || format === null) return undefined;
  if (!isJsonObject(format)) return wrongType(param, 'an object', format);
  const { type, syntax } = format;
  if (type === undefined) return missing(`${param}.type`);
  if (typeof type !== 'string') return wrongType(`${param}.type`, 'a string', type);
  const fields = Object.hasOwn(customFormats, type) ? customFormats[type] : undefined;
  if (fields === undefined) return unsupportedValue(`${param}.type`, type, Object.keys(customFormats));
  const malformed = fieldsError(format, fields, param);
  if (malformed !== undefined || typeof syntax !== 'string') return malformed;
  const known = ['lark', 'regex'];
  return known.includes(syntax) ? undefined : unsupportedValue(`${param}.syntax`, syntax, known);
}

function approvalError(approval: JsonValue | undefined, param: string): ApiError | undefined {
  if (typeof approval === 'string')
    return approvals.includes(approval) ? undefined : unsupportedValue(param, approval, approvals);
  if (!isJsonObject(approval)) return kindError(approval, 'object or string', param);
  const malformed = fieldsError(approval, approvalFields, param);
  if (malformed !== undefined) return malformed;
  for (const name of approvals) {
    const filter = approval[name];
    const error = isJsonObject(filter) ? fieldsError(filter, filterFields, `${param}.${name}`) : undefined;
    if (error !== undefined) return error;
  }
  return undefined;
}

/** The first error in the types or values of a tool's fields. */
export function toolValuesError(tool: JsonObject, type: string, param: string): ApiError | undefined {
  for (const [name, kind] of Object.entries(kinds)) {
    const error = kindError(tool[name], kind, `${param}.${name}`);
    if (error !== undefined) return error;
  }
  const environment = kindError(
    tool['environment'],
    type === 'shell' ? 'object' : 'string',
    `${param}.environment`,
  );
  if (environment !== undefined) return environment;
  if (type === 'custom') return customError(tool['format'], `${param}.format`);
  if (type !== 'mcp') return undefined;
  const placed = serverPlaces.some((name) => (tool[name] ?? undefined) !== undefined);
  if (!placed) return noSource(param, serverPlaces);
  return approvalError(tool['require_approval'], `${param}.require_approval`);
}

/**
 * The error for a repeated label, because calls name their MCP server by its label. The text of the error is from the
 * smg gateway.
 */
export function labelsError(tools: readonly JsonValue[]): ApiError | undefined {
  const seen = new Set<JsonValue>();
  for (const tool of tools) {
    const label = isJsonObject(tool) && tool['type'] === 'mcp' ? tool['server_label'] : undefined;
    if (label === undefined) continue;
    if (seen.has(label)) {
      return invalidRequest(
        `Duplicate MCP server_label '${wordOf(label)}' found in 'tools' parameter.`,
        'tools',
      );
    }
    seen.add(label);
  }
  return undefined;
}
