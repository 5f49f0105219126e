import type { StandardJSONSchemaV1, StandardSchemaV1 } from '@standard-schema/spec';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { isOptional } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { fieldsOf, isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import { invalidMessage, messageOf } from './invalid-message.ts';
import { parseModelJson } from './parse-model-json.ts';
import { explain, type Unrepresentable } from './unrepresentable.ts';
import { refuseSchema, type SchemaSubject } from './refuse-schema.ts';
import { removeOptionalNulls } from './remove-optional-nulls.ts';
import { toStrictJsonSchema } from './strict-json-schema.ts';
import { zodJsonSchema } from './zod-json-schema.ts';

/** JSON Schema written by hand, with a validator of one's own. Without `validate` nothing is validated. */
export interface JsonSchemaSource<Output = unknown> {
  /** JSON Schema, draft 2020-12 or 7. */
  readonly jsonSchema: object;
  /** Gives the value that the tool receives, or throws; the model is told the error's message. */
  readonly validate?: ((value: unknown) => Output | PromiseLike<Output>) | undefined;
}

/**
 * A schema of zod 4 or `zod/mini`, another Standard Schema that provides JSON Schema, or `{ jsonSchema, validate? }`.
 *
 * @example z.object({ city: z.string(), days: z.optional(z.number()) })
 * @example { jsonSchema: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } }
 */
export type SchemaSource = (StandardSchemaV1 & (StandardJSONSchemaV1 | ZodSchema)) | JsonSchemaSource;

/** A schema of zod 4, including `zod/mini`, which does not write JSON Schema itself. */
interface ZodSchema {
  readonly _zod: { readonly def: { readonly type: string } };
}

/** What the model writes: the type of a call's `arguments`. */
export type InferInput<Source> = Source extends StandardSchemaV1
  ? StandardSchemaV1.InferInput<Source>
  : unknown;

/** What a schema makes of it: the type that a tool's `execute` receives, or of a result's `output`. */
export type InferOutput<Source> = Source extends StandardSchemaV1
  ? StandardSchemaV1.InferOutput<Source>
  : Source extends { readonly validate: (value: unknown) => infer Output }
    ? Awaited<Output>
    : Source extends JsonSchemaSource<infer Output>
      ? Output
      : unknown;

/** What became of a text that the model wrote. */
export type ReadResult<Output = unknown> =
  /** `arguments` is what the model meant, `value` what the schema made of it. */
  | { readonly ok: true; readonly arguments: JsonValue; readonly value: Output }
  /** `message` tells the model what is wrong and where; `arguments` is there when the JSON could be read. */
  | {
      readonly ok: false;
      readonly message: string;
      readonly arguments?: JsonValue;
      /** What was thrown, or what the schema has against it, as the `errors` of one error. */
      readonly cause: unknown;
    };

export interface CompiledSchema<Output = unknown> {
  /** What the API is sent, deep-frozen. */
  readonly wire: JsonObject;
  readonly strict: boolean;
  /** Reads and validates what the model wrote; never rejects. Empty arguments mean `{}`. */
  readonly read: (raw: string) => Promise<ReadResult<Output>>;
}

/**
 * Prepares a schema for the API and for reading what the model writes by it.
 *
 * @throws ConfigurationError for a source that gives no JSON Schema, or none that can be strict where it must be.
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

  function meantBy(text: string): JsonValue {
    const value = parseModelJson(text);
    return text.includes('null') ? removeOptionalNulls(value, schema) : value;
  }

  async function read(raw: string): Promise<ReadResult<InferOutput<Source>>> {
    let meant: JsonValue | undefined;
    let issues: readonly StandardSchemaV1.Issue[];
    let cause: unknown;
    try {
      const text = !isOutput && raw.trim() === '' ? '{}' : raw;
      meant = meantBy(text);
      // Read anew, as validators may change what they are given, and `arguments` is shown and stored.
      const result = await validate(source, meantBy(text));
      // The validator's type says that its value is of the output type; there is no other proof at run time.
      if (!result.issues) return { ok: true, arguments: meant, value: result.value as InferOutput<Source> };
      issues = result.issues;
    } catch (error) {
      cause = error;
      issues = [{ message: `${meant === undefined ? 'Not readable as JSON: ' : ''}${messageOf(error)}` }];
    }
    const message = invalidMessage(intro, issues);
    cause ??= new AggregateError(issues, message);
    return { ok: false, message, cause, ...defined({ arguments: meant }) };
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

/** As zod's schemas are. */
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
  // By its Standard Schema, zod runs async checks twice, and what the first run throws ends the process.
  if (hasOwnParser(source)) {
    const result = await source.safeParseAsync(value);
    return result.success ? { value: result.data } : result.error;
  }
  if (isStandard(source)) return source['~standard'].validate(value);
  return { value: source.validate === undefined ? value : await source.validate(value) };
}

/** The user's schema as plain JSON: a copy, so that changing it later changes nothing here. */
function jsonSchemaOf(source: SchemaSource, subject: SchemaSubject): JsonObject {
  const { jsonSchema, validate: validator } = isStandard(source) ? {} : fieldsOf(source);
  if (!isOptional(validator, 'function')) refuseSchema(subject, 'has a `validate` that is no function.');
  let cause: unknown;
  try {
    const given = isStandard(source) ? standardJsonSchemaOf(source, subject) : jsonSchema;
    const copy: unknown = JSON.parse(JSON.stringify(given ?? null, withoutUnsendable));
    // zod writes bytes as text, but no text that a model writes would be valid.
    const bytes = unrepresentableIn(source).filter(({ type }) => type === 'file');
    if (bytes.length > 0) return refuseSchema(subject, explain(bytes, subject.option, ''));
    if (isJsonObject(copy)) return copy;
  } catch (error) {
    if (ConfigurationError.isInstance(error)) throw error;
    // A type that JSON Schema has no word for, such as a date.
    if (isStandard(source)) {
      const why = ` (${messageOf(error)})`;
      refuseSchema(subject, explain(unrepresentableIn(source), subject.option, why), error);
    }
    cause = error;
  }
  const why = cause === undefined ? '' : ` (${messageOf(cause)})`;
  const way =
    'Give a schema of `zod` 4 or `zod/mini`, another Standard Schema that does, or `{ jsonSchema, validate }`';
  return refuseSchema(subject, `gives no JSON Schema${why}. ${way}.`, cause);
}

function writesJsonSchema(source: StandardSchemaV1 | StandardJSONSchemaV1): source is StandardJSONSchemaV1 {
  return 'jsonSchema' in source['~standard'];
}

/** Undefined for zod 3 and other libraries that write none. */
function standardJsonSchemaOf(
  source: StandardSchemaV1 & (StandardJSONSchemaV1 | ZodSchema),
  subject: SchemaSubject,
): object | undefined {
  if (writesJsonSchema(source)) return source['~standard'].jsonSchema.input({ target: 'draft-2020-12' });
  if (!('_zod' in source)) return undefined;
  const { schema, unrepresentable } = zodJsonSchema(source);
  if (unrepresentable.length > 0) refuseSchema(subject, explain(unrepresentable, subject.option, ''));
  return schema;
}

/** The types of a zod schema that JSON cannot hold. zod itself reports only the first one, without its place. */
function unrepresentableIn(source: SchemaSource): readonly Unrepresentable[] {
  return '_zod' in Object(source) ? zodJsonSchema(source).unrepresentable : [];
}

/**
 * Leaves out `$schema`, and `propertyNames`, which zod writes for every record and the API refuses, also where the
 * tool is not strict (vercel/ai 20621). In `properties`, where these could be names, `type` is no string.
 */
function withoutUnsendable(this: { readonly type?: unknown }, keyword: string, value: unknown): unknown {
  const unsendable =
    keyword === '$schema'
      ? typeof value === 'string'
      : keyword === 'propertyNames' && typeof this.type === 'string';
  return unsendable ? undefined : value;
}
