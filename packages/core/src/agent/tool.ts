import {
  compileSchema,
  type InferInput,
  type InferOutput,
  type ReadResult,
  type SchemaSource,
} from '../schema/tool-schema.ts';
import type { WireTool } from '../wire/create-body.ts';
import type { JsonObject } from '../wire/json.ts';
import { defined } from '../wire/defined.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { checkToolOptions } from './check-tool-options.ts';
import type { Serialized } from './serialized.ts';
import { toolKindFields, type ToolKindOptions } from './tool-kind.ts';

/** What a tool is told about the call that it executes. */
export interface ToolContext<Context = unknown> {
  /** Aborts when the call times out, the run is cancelled, or driving stops. */
  readonly signal: AbortSignal;
  readonly callId: string;
  readonly runId: string;
  /** The same for every execution of this call, in other processes too: pass it to services that deduplicate by a key. */
  readonly idempotencyKey: string;
  /** What `start` or `resume` was given as `context`. Never stored, never sent. */
  readonly context: Context;
  /** Reports how far the tool is, by anything that JSON can hold: shown as `toolCalls[].progress`. Of anything else a text says what it was. */
  progress(value: unknown): void;
}

export interface ToolOptions<Name extends string, Schema extends SchemaSource, Result, Context>
  extends ToolKindOptions {
  /** What the model calls it by: letters, digits, `_` and `-`, at most 64. Unique in the agent. */
  readonly name: Name;
  readonly description?: string | undefined;
  /**
   * A schema of zod 4 or `zod/mini`, another Standard Schema that provides JSON Schema, or `{ jsonSchema, validate? }`.
   * Declare integers that may exceed 2^53, such as ids, as strings: JavaScript rounds them when it reads JSON.
   *
   * @example z.object({ city: z.string(), days: z.number().optional() })
   */
  readonly parameters: Schema;
  /**
   * Does the work. A string is sent to the model verbatim, an array of content parts with the fields that the API knows, a `Map` as an object, a
   * `Set` as a list, anything else as JSON. An output has at most 10,485,760 characters, as the API takes no more. What
   * JSON cannot represent, and what is longer, fails the call.
   * What it throws is told to the model as an error output; the run goes on. Without `execute` the call is answered
   * from outside, by `run.submitToolOutput(callId, output)`.
   */
  execute?(args: InferOutput<Schema>, context: ToolContext<Context>): Result | PromiseLike<Result>;
  /** Whether a person must approve the call first. A function sees the validated arguments. @default false */
  readonly needsApproval?:
    | boolean
    | ((args: InferOutput<Schema>, context: ApprovalContext<Context>) => boolean | PromiseLike<boolean>)
    | undefined;
  /** Milliseconds that one execution may take. @default the runner's `tools.timeoutMs`, else none */
  readonly timeoutMs?: number | undefined;
  /** Whether executing a call twice does no harm. Otherwise a call that was running when a process died is not run again. @default false */
  readonly idempotent?: boolean | undefined;
  /** Whether the API is asked to keep to the schema exactly. @default true */
  readonly strict?: boolean | undefined;
  /**
   * Schema of the results as JSON, for programs that read them: sent as `output_schema`. What the tool returns is not
   * validated by it. The API then takes JSON alone: a string is sent as a JSON string, unless it is the JSON text of an
   * object or a list; an error as `{ "error": "…" }`; content parts fail the call.
   */
  readonly output?: SchemaSource | undefined;
}

/** What `needsApproval` is told. */
export interface ApprovalContext<Context = unknown> {
  readonly callId: string;
  readonly runId: string;
  readonly context: Context;
}

/** A tool of an agent that the client executes, made by {@link tool} or `customTool`. */
export interface Tool<
  Name extends string = string,
  Arguments = unknown,
  Result = unknown,
  Context = unknown,
> {
  readonly type: 'function' | 'custom';
  readonly name: Name;
  /** What the API is sent, deep-frozen. */
  readonly definition: WireTool;
  /** Reads and validates what the model wrote. */
  read(raw: string): Promise<ReadResult>;
  readonly timeoutMs: number | undefined;
  readonly idempotent: boolean;
  /** Whether `execute` is there: without it the call waits for an output from outside. */
  readonly executable: boolean;
  execute(args: unknown, context: ToolContext<Context>): unknown;
  needsApproval(args: unknown, context: ApprovalContext<Context>): boolean | PromiseLike<boolean>;
  /** Never there at run time: carries the types of arguments and result into views. */
  readonly '~types'?: { readonly arguments: Arguments; readonly result: Result };
}

/** The API refuses an object schema without `properties`, also where it is not strict ("object schema missing properties"). */
function withProperties(schema: JsonObject): JsonObject {
  return schema['type'] === 'object' ? { ...schema, properties: schema['properties'] ?? {} } : schema;
}

/**
 * Defines a function tool.
 *
 * @throws ConfigurationError for a name that the API refuses, or a schema that cannot be strict.
 * @example
 * const getWeather = tool({
 *   name: 'get_weather',
 *   description: 'Current weather in a city.',
 *   parameters: z.object({ city: z.string() }),
 *   execute: async ({ city }, { signal }) => (await fetch(urlOf(city), { signal })).json(),
 * });
 */
export function tool<
  const Name extends string,
  Schema extends SchemaSource,
  Result = unknown,
  Context = unknown,
>(
  options: ToolOptions<Name, Schema, Result, Context>,
): Tool<Name, InferInput<Schema>, Serialized<Awaited<Result>>, Context> {
  checkToolOptions(options, { parameters: 'any', strict: 'boolean', output: 'any' });
  const { name, description, timeoutMs, needsApproval = false, strict = true } = options;
  const schema = compileSchema(options.parameters, { name, option: 'parameters', strict });
  const output =
    options.output && compileSchema(options.output, { name, option: 'output', of: 'tool', strict: false });
  return Object.freeze({
    type: 'function' as const,
    name,
    definition: deepFreeze({
      type: 'function',
      name,
      ...defined({ description }),
      parameters: withProperties(schema.wire),
      strict: schema.strict,
      ...toolKindFields(`tool ${JSON.stringify(name)}`, options),
      ...defined({ output_schema: output?.wire }),
    }),
    read: schema.read,
    timeoutMs,
    idempotent: options.idempotent ?? false,
    executable: options.execute !== undefined,
    // The schema has made the arguments what `execute` declares; the tool list of an agent cannot say so in types.
    execute: (args: unknown, context: ToolContext<Context>) =>
      options.execute?.(args as InferOutput<Schema>, context),
    needsApproval: (args: unknown, context: ApprovalContext<Context>) =>
      typeof needsApproval === 'function'
        ? needsApproval(args as InferOutput<Schema>, context)
        : needsApproval,
  });
}
