import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { tooLong, wrongType } from './type-errors.ts';

const mostPairs = 16;
const longestKey = 64;
const longestValue = 512;

export function metadataError(body: JsonObject): ApiError | undefined {
  const metadata = body['metadata'];
  if (!isJsonObject(metadata)) return undefined;
  const entries = Object.entries(metadata);
  if (entries.length > mostPairs) {
    return invalidRequest(
      `Invalid 'metadata': too many properties. Expected an object with at most ${mostPairs} properties, but got an object with ${entries.length} properties instead.`,
      'metadata',
      'object_above_max_properties',
    );
  }
  for (const [key, value] of entries) {
    if (key.length > longestKey) {
      return invalidRequest(
        `Invalid property name in 'metadata': '${key}' is too long. Expected a property name with maximum length ${longestKey}, but got a property name with length ${key.length} instead.`,
        'metadata',
        'property_name_above_max_length',
      );
    }
    if (typeof value !== 'string') return wrongType(`metadata.${key}`, 'a string', value);
    if (value.length > longestValue) return tooLong(`metadata.${key}`, longestValue, value.length);
  }
  return undefined;
}
