import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { isOptional } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { invalidMessage, messageOf } from './invalid-message.ts';
import { parseModelJson } from './parse-model-json.ts';
import { jsonSchemaWriterOf } from './json-schema-writers.ts';
import { binaryIn, explain, unrepresentableIn } from './unrepresentable.ts';
import { refuseSchema, type SchemaSubject } from './refuse-schema.ts';
import { removeOptionalNulls } from './remove-optional-nulls.ts';
import { toStrictJsonSchema } from './strict-json-schema.ts';

/** A plain JSON Schema with an optional validator. Without `validate` nothing is validated. */
export interface JsonSchemaSource<Output = unknown> {
  /** JSON Schema, draft 2020-12 or 7. */
  readonly jsonSchema: object;
  /** Returns the value for the tool, or throws an error, whose message is sent to the model. */
  readonly validate?: ((value: unknown) => Output | PromiseLike<Output>) | undefined;
}

/**
 * A schema of zod 4, one of `zod/mini` after `import '@longhaul/core/zod-mini'`, another Standard Schema that provides
 * JSON Schema, or `{ jsonSchema, validate? }`.
 *
 * @example z.object({ city: z.string(), days: z.optional(z.number()) })
 * @example { jsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }
 */
export type SchemaSource = (StandardSchemaV1 & (StandardJSONSchemaV1 | ZodSchema)) | JsonSchemaSource;

/** A schema of `zod/mini`, which does not write JSON Schema itself. */
interface ZodSchema {
  readonly _zod: { readonly def: { readonly type: string } };
}

/** The type that the model writes: the type of a call's `arguments`. */
export type InferInput<Source> = Source extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Source>
  : unknown;

/** The type of a schema's result: the argument of a tool's `execute`, or a result's `output`. */
export type InferOutput<Source> = Source extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Source>
  : Source extends { readonly validate: (value: unknown) => infer Output }
    ? Awaited<Output>
    : Source extends JsonSchemaSource<infer Output>
      ? Output
      : unknown;

/** The result of reading a text that the model wrote. */
export type ReadResult<Output = unknown> =
  /** `arguments` is the JSON without nulls for omitted properties. `value` is the output of the schema. */
  | { readonly ok: true; readonly arguments: JsonValue; readonly value: Output }
  /** `message` lists the problems for the model. `arguments` is missing if the text is not JSON. */
  | {
      readonly ok: false;
      readonly message: string;
      readonly arguments?: JsonValue;
      /** The thrown error, or an `AggregateError` of the schema's issues. */
      readonly cause: unknown;
    };

export interface CompiledSchema<Output = unknown> {
  /** The schema that is sent to the API, deep-frozen. */
  readonly wire: JsonObject;
  readonly strict: boolean;
  /** Parses and validates a text of the model. Never rejects. Empty arguments mean `{}`. */
  readonly read: (raw: string) => Promise<ReadResult<Output>>;
}

/**
 * Prepares a schema for the API and for reading the model's texts.
 *
 * @throws ConfigurationError if the source has no JSON Schema, or if the schema must be strict but cannot be.
 */
export function compileSchema<Source extends SchemaSource>(
  source: Source,
  subject: SchemaSubject & { readonly strict: boolean },
): CompiledSchema<InferOutput<Source>> {
  const schema = jsonSchemaOf(source, subject);
  const isOutput = subject.option === 'output';
  const intro = isOutput
    ? 'The output is not valid:'
    : `Invalid arguments for tool ${JSON.stringify(subject.name)}:`;

  function parse(text: string): JsonValue {
    const value = parseModelJson(text);
    return text.includes('null') ? removeOptionalNulls(value, schema) : value;
  }

  async function read(raw: string): Promise<ReadResult<InferOutput<Source>>> {
    let parsed: JsonValue | undefined;
    let issues: readonly StandardSchemaV1.Issue[];
    let cause: unknown;
    try {
      const text = !isOutput && raw.trim() === '' ? '{}' : raw;
      parsed = parse(text);
      // Parse again, because validators may change their input, and `arguments` is shown and stored.
      const result = await validate(source, parse(text));
      // The validator's type states that its value has the output type. There is no other proof at run time.
      if (!result.issues) return { ok: true, arguments: parsed, value: result.value as InferOutput<Source> };
      issues = result.issues;
    } catch (error) {
      cause = error;
      issues = [{ message: `${parsed === undefined ? 'Not readable as JSON: ' : ''}${messageOf(error)}` }];
    }
    const message = invalidMessage(intro, issues);
    cause ??= new AggregateError(issues, message);
    return { ok: false, message, cause, ...defined({ arguments: parsed }) };
  }

  return {
    wire: deepFreeze(subject.strict ? toStrictJsonSchema(schema, subject) : schema),
    strict: subject.strict,
    read,
  };
}

function isStandard(source: SchemaSource): source is StandardSchemaV1 & (StandardJSONSchemaV1 | ZodSchema) {
  // An object, or a function that is a schema too, as ArkType's are.
  return '~standard' in Object(source);
}

/** The parser of a zod schema. */
interface OwnParser {
  safeParseAsync(
    value: unknown,
  ): PromiseLike<
    | { readonly success: true; readonly data: unknown }
    | { readonly success: false; readonly error: StandardSchemaV1.FailureResult }
  >;
}

function hasOwnParser(source: object): source is OwnParser {
  return '_zod' in source && 'safeParseAsync' in source;
}

async function validate(source: SchemaSource, value: unknown): Promise<StandardSchemaV1.Result<unknown>> {
  // Through its Standard Schema, zod runs async checks twice, and an error in the first run ends the process.
  if (hasOwnParser(source)) {
    const result = await source.safeParseAsync(value);
    return result.success ? { value: result.data } : result.error;
  }
  if (isStandard(source)) return source['~standard'].validate(value);
  return { value: source.validate === undefined ? value : await source.validate(value) };
}

/** A copy of the user's schema as plain JSON, so that later changes have no effect. */
function jsonSchemaOf(source: SchemaSource, subject: SchemaSubject): JsonObject {
  const { jsonSchema, validate: validator } = isStandard(source) ? {} : fieldsOf(source);
  if (!isOptional(validator, 'function')) refuseSchema(subject, 'has a `validate` that is not a function.');
  const write = isStandard(source) ? jsonSchemaWriterOf(source) : undefined;
  let cause: unknown;
  try {
    const given = isStandard(source) ? write?.({ target: 'draft-2020-12' }) : jsonSchema;
    const copy: unknown = JSON.parse(JSON.stringify(given ?? null, withoutUnsendable));
    const bytes = write && isJsonObject(copy) ? binaryIn(copy) : [];
    if (bytes.length > 0) return refuseSchema(subject, explain(bytes, subject.option, ''));
    if (isJsonObject(copy)) return copy;
  } catch (error) {
    if (ConfigurationError.isInstance(error)) throw error;
    // A type that JSON Schema cannot express, such as a date.
    if (write) {
      const why = ` (${messageOf(error)})`;
      refuseSchema(subject, explain(unrepresentableIn(write), subject.option, why), error);
    }
    cause = error;
  }
  const why = cause === undefined ? '' : ` (${messageOf(cause)})`;
  const way =
    "Pass a schema of `zod` 4, one of `zod/mini` after `import '@longhaul/core/zod-mini'`, another Standard Schema that provides one, or `{ jsonSchema, validate }`";
  return refuseSchema(subject, `has no JSON Schema${why}. ${way}.`, cause);
}

/**
 * Removes `$schema`, and `propertyNames`, which zod writes for every record. The API refuses it even if the tool is not
 * strict (vercel/ai 20621). Properties with these names stay: a property `$schema` is not a string, and the sibling
 * `type` of a property `propertyNames` is not one.
 */
function withoutUnsendable(this: { readonly type?: unknown }, keyword: string, value: unknown): unknown {
  const unsendable =
    keyword === '$schema'
      ? typeof value === 'string'
      : keyword === 'propertyNames' && typeof this.type === 'string';
  return unsendable ? undefined : value;
}
