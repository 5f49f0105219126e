import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import { looseViolation } from './loose-violation.ts';
import { strictViolation } from './strict-violation.ts';

function nameOf({ name }: JsonObject): string {
  return typeof name === 'string' ? name : '';
}

function functionError(tool: JsonValue, param: string): ApiError | undefined {
  if (!isJsonObject(tool)) return undefined;
  if (tool['type'] === 'namespace') return functionsError(tool['tools'], `${param}.tools`);
  if (tool['type'] !== 'function') return undefined;
  const parameters = isJsonObject(tool['parameters']) ? tool['parameters'] : {};
  const violation = tool['strict'] === true ? strictViolation(parameters) : looseViolation(parameters);
  return (
    violation &&
    invalidRequest(
      `Invalid schema for function '${nameOf(tool)}': ${violation.message}`,
      `${param}.parameters`,
      'invalid_function_parameters',
    )
  );
}

function functionsError(value: JsonValue | undefined, param: string): ApiError | undefined {
  const tools: readonly JsonValue[] = Array.isArray(value) ? value : [];
  for (const [index, tool] of tools.entries()) {
    const error = functionError(tool, `${param}[${index}]`);
    if (error !== undefined) return error;
  }
  return undefined;
}

function formatError(body: JsonObject): ApiError | undefined {
  const format = isJsonObject(body['text']) ? body['text']['format'] : undefined;
  if (!isJsonObject(format) || format['type'] !== 'json_schema' || format['strict'] !== true)
    return undefined;
  const violation = strictViolation(isJsonObject(format['schema']) ? format['schema'] : {});
  return (
    violation &&
    invalidRequest(
      `Invalid schema for response_format '${nameOf(format)}': ${violation.message}`,
      'text.format.schema',
      'invalid_json_schema',
    )
  );
}

/** The first error in the schemas of functions and of a strict output format. */
export function strictSchemaError(body: JsonObject): ApiError | undefined {
  return functionsError(body['tools'], 'tools') ?? formatError(body);
}
