import { isRecord, type Json, type JsonRecord } from './recordings.ts';

/** A difference between recorded traffic and the API's schemas. The emulator follows the recording. */
export interface WireException {
  readonly name: string;
  /** Changes the schemas to match the wire. */
  readonly change: (schemas: JsonRecord) => void;
}

/** The object at a path. Throws if there is none: the schemas have changed, and may no longer need the exception. */
function at(schemas: JsonRecord, ...path: readonly string[]): JsonRecord {
  let place: Json | undefined = schemas;
  for (const step of path) {
    if (Array.isArray(place)) place = place[Number(step)];
    else place = isRecord(place) ? place[step] : undefined;
  }
  if (!isRecord(place)) throw new Error(`The schemas have no ${path.join('.')}.`);
  return place;
}

function makeNullable(properties: JsonRecord, name: string): void {
  const property = properties[name];
  if (property === undefined) throw new Error(`The schema has no property ${name}.`);
  properties[name] = { anyOf: [property, { type: 'null' }] };
}

function makeOptional(schema: JsonRecord, name: string): void {
  const required: readonly Json[] = Array.isArray(schema['required']) ? schema['required'] : [];
  if (!required.includes(name)) throw new Error(`The schema does not require ${name}.`);
  schema['required'] = required.filter((one) => one !== name);
}

export const wireExceptions: readonly WireException[] = [
  {
    name: '`user` is null if the create had none',
    change: (schemas) => makeNullable(at(schemas, 'ModelResponseProperties', 'properties'), 'user'),
  },
  {
    name: '`usage` is null until the response is done',
    change: (schemas) => makeNullable(at(schemas, 'Response', 'allOf', '2', 'properties'), 'usage'),
  },
  {
    name: '`web_search_call` has no `action` before the search',
    change: (schemas) => makeOptional(at(schemas, 'WebSearchToolCall'), 'action'),
  },
  {
    name: '`error.code` is open-ended: `insufficient_quota` is not in the enum',
    change: (schemas) => {
      delete at(schemas, 'ResponseErrorCode')['enum'];
    },
  },
  {
    name: '`response.function_call_arguments.done` has no `name`',
    change: (schemas) => makeOptional(at(schemas, 'ResponseFunctionCallArgumentsDoneEvent'), 'name'),
  },
  {
    name: 'the `error` event holds its error in a field `error`',
    change: (schemas) => {
      const { properties, ...event } = at(schemas, 'ResponseErrorEvent');
      const { type, sequence_number, ...error } = isRecord(properties) ? properties : {};
      const nested = { type: 'object', properties: error, required: Object.keys(error) };
      const both = { type: type ?? {}, sequence_number: sequence_number ?? {}, error: nested };
      schemas['ResponseErrorEvent'] = { ...event, properties: both, required: Object.keys(both) };
    },
  },
];
