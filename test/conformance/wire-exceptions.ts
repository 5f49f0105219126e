import { isRecord, type Json, type JsonRecord } from './recordings.ts';

/** Where the wire, as recorded, is not what the API's schemas say: there the recording wins. */
export interface WireException {
  readonly name: string;
  /** Changes the schemas to what is on the wire. */
  readonly change: (schemas: JsonRecord) => void;
}

/** The object at a path; a path that is gone means that the schemas have changed, and the exception may be none any more. */
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
  if (!required.includes(name)) throw new Error(`${name} is not required.`);
  schema['required'] = required.filter((one) => one !== name);
}

export const wireExceptions: readonly WireException[] = [
  {
    name: '`user` is null where the create had none',
    change: (schemas) => makeNullable(at(schemas, 'ModelResponseProperties', 'properties'), 'user'),
  },
  {
    name: '`usage` is null until the response is done',
    change: (schemas) => makeNullable(at(schemas, 'Response', 'allOf', '2', 'properties'), 'usage'),
  },
  {
    name: '`web_search_call` has no `action` before it has searched',
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
