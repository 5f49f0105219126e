import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { kindError, type Kind } from './kinds.ts';
import { missing, unknownParameter } from './type-errors.ts';

/** The fields of an object in a create, as in `openai`'s types. */
export interface NestedFields {
  readonly required: readonly string[];
  readonly kinds: { readonly [name: string]: Kind };
}

/**
 * The objects in a create by their place. Tools, items, `background_options` and `context_management` are checked
 * elsewhere.
 */
export const nestedFields: { readonly [place: string]: NestedFields } = {
  access_programs: { required: [], kinds: { cyber: 'string' } },
  conversation: { required: ['id'], kinds: { id: 'string' } },
  image: { required: [], kinds: { context_compression: 'string' } },
  moderation: { required: ['model'], kinds: { model: 'string', policy: 'object' } },
  'moderation.policy': { required: [], kinds: { input: 'object', output: 'object' } },
  'moderation.policy.input': { required: ['mode'], kinds: { mode: 'string' } },
  'moderation.policy.output': { required: ['mode'], kinds: { mode: 'string' } },
  multi_agent: { required: ['enabled'], kinds: { enabled: 'boolean', max_concurrent_subagents: 'integer' } },
  prompt: { required: ['id'], kinds: { id: 'string', variables: 'object', version: 'string' } },
  prompt_cache_options: {
    required: [],
    kinds: { comparison_response_id: 'string', mode: 'string', prewarm: 'boolean', ttl: 'string' },
  },
  reasoning: {
    required: [],
    kinds: {
      context: 'string',
      effort: 'string',
      generate_summary: 'string',
      mode: 'string',
      summary: 'string',
    },
  },
  stream_options: { required: [], kinds: { include_obfuscation: 'boolean' } },
  text: { required: [], kinds: { format: 'object', verbosity: 'string' } },
};

/** The fields of the output format, by its type. */
export const formatFields: { readonly [type: string]: NestedFields } = {
  text: { required: ['type'], kinds: { type: 'string' } },
  json_object: { required: ['type'], kinds: { type: 'string' } },
  json_schema: {
    required: ['type', 'name', 'schema'],
    kinds: { type: 'string', name: 'string', schema: 'object', description: 'string', strict: 'boolean' },
  },
};

function at(body: JsonObject, place: string): JsonValue | undefined {
  return place
    .split('.')
    .reduce<JsonValue | undefined>((value, name) => (isJsonObject(value) ? value[name] : undefined), body);
}

/** The first error in the names or types of the fields of an object at `param`. */
export function fieldsError(
  value: JsonObject,
  { required, kinds }: NestedFields,
  param: string,
): ApiError | undefined {
  for (const [name, field] of Object.entries(value)) {
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    if (kind === undefined) return unknownParameter(`${param}.${name}`);
    const error = kindError(field, kind, `${param}.${name}`);
    if (error !== undefined) return error;
  }
  const absent = required.find((name) => (value[name] ?? undefined) === undefined);
  return absent === undefined ? undefined : missing(`${param}.${absent}`);
}

/** The first error in the objects of a create, which may only have the fields of their place. */
export function nestedError(body: JsonObject): ApiError | undefined {
  for (const [place, fields] of Object.entries(nestedFields)) {
    const value = at(body, place);
    const error = isJsonObject(value) ? fieldsError(value, fields, place) : undefined;
    if (error !== undefined) return error;
  }
  const format = at(body, 'text.format');
  if (!isJsonObject(format)) return undefined;
  const { type } = format;
  if (type === undefined) return missing('text.format.type');
  // An unknown type is reported by `valueError`.
  const fields =
    typeof type === 'string' && Object.hasOwn(formatFields, type) ? formatFields[type] : undefined;
  if (fields !== undefined) return fieldsError(format, fields, 'text.format');
  return kindError(type, 'string', 'text.format.type');
}
