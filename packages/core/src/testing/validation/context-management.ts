import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { fieldsError, type NestedFields } from './nested-fields.ts';
import { unsupportedValue, wrongType } from './type-errors.ts';

export const contextFields: NestedFields = {
  required: ['type'],
  kinds: { type: 'string', compact_threshold: 'integer' },
};

/** The first error in `context_management`. Its only type is compaction (`openai`'s types). */
export function contextError({ context_management: managed }: JsonObject): ApiError | undefined {
  if (managed === undefined || managed === null) return undefined;
  if (!Array.isArray(managed)) return wrongType('context_management', 'an array of objects', managed);
  const entries: readonly JsonValue[] = managed;
  for (const [index, entry] of entries.entries()) {
    const param = `context_management[${index}]`;
    if (!isJsonObject(entry)) return wrongType(param, 'an object', entry);
    const error = fieldsError(entry, contextFields, param);
    if (error !== undefined) return error;
    const { type } = entry;
    if (type !== 'compaction') return unsupportedValue(`${param}.type`, wordOf(type), ['compaction']);
  }
  return undefined;
}
