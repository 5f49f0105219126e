import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import type { ApiError } from '../http/api-error.ts';
import { missing, unsupportedValue, wrongType } from './type-errors.ts';

/** `context_management`: compaction is all there is (`openai`'s types). */
export function contextError({ context_management: managed }: JsonObject): ApiError | undefined {
  if (managed === undefined || managed === null) return undefined;
  if (!Array.isArray(managed)) return wrongType('context_management', 'an array of objects', managed);
  const entries: readonly JsonValue[] = managed;
  for (const [index, entry] of entries.entries()) {
    const param = `context_management[${index}]`;
    if (!isJsonObject(entry)) return wrongType(param, 'an object', entry);
    const { type } = entry;
    if (typeof type !== 'string') return missing(`${param}.type`);
    if (type !== 'compaction') return unsupportedValue(`${param}.type`, type, ['compaction']);
  }
  return undefined;
}
