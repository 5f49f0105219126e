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

/** Information about the call that a tool executes. */
export interface ToolContext<Context = unknown> {
  /** Aborts when the call times out, the run ends (for example by a cancel), or driving stops. */
  readonly signal: AbortSignal;
  readonly callId: string;
  readonly runId: string;
  /** The same for all executions of this call, in all processes. Pass it to services that deduplicate by a key. */
  readonly idempotencyKey: string;
  /** The `context` that was passed to `start` or `resume`. Never stored, never sent. */
  readonly context: Context;
  /**
   * Reports the progress of the tool, shown as `toolCalls[].progress`. The value is any JSON. A value that JSON cannot
   * represent is replaced by a text that describes it.
   */
  progress(value: unknown): void;
}

export interface ToolOptions<Name extends string, Schema extends SchemaSource, Result, Context>
  extends ToolKindOptions {
  /**
   * The name that the model uses: at most 64 letters, digits, `_` and `-`. Unique in the agent, or in the tool's
   * namespace.
   */
  readonly name: Name;
  readonly description?: string | undefined;
  /**
   * A schema of zod 4, one of `zod/mini` after `import '@longhaul/core/zod-mini'`, another Standard Schema that provides
   * JSON Schema, or `{ jsonSchema, validate? }`. Declare integers that may exceed 2^53, such as ids, as strings:
   * JavaScript rounds such integers when it reads JSON.
   *
   * @example z.object({ city: z.string(), days: z.number().optional() })
   */
  readonly parameters: Schema;
  /**
   * Does the work. A returned string is sent to the model unchanged. An array of content parts is sent with the fields
   * that the API knows, a `Map` as an object, a `Set` as a list, and other values as JSON. The call fails if JSON
   * cannot represent the value, or if the text or JSON is longer than the API accepts: 10,485,760 characters. If
   * `execute` throws, the error is sent to the model as the output, and the run continues until
   * `limits.consecutiveToolErrors` calls in a row have failed. Without `execute` the call waits for
   * `run.submitToolOutput(callId, output)`.
   */
  execute?(args: InferOutput<Schema>, context: ToolContext<Context>): Result | PromiseLike<Result>;
  /** Whether a person must approve the call first. A function receives the validated arguments. @default false */
  readonly needsApproval?:
    | boolean
    | ((args: InferOutput<Schema>, context: ApprovalContext<Context>) => boolean | PromiseLike<boolean>)
    | undefined;
  /**
   * Returns the value that the person who decides about a call is shown, as any JSON: `toolCalls[].approvalView`. It
   * receives the validated arguments. If it throws, or if JSON cannot represent the value, the call fails. Only for tools with
   * `needsApproval`; such a tool needs it if it is `private`.
   */
  readonly approvalView?: ((args: InferOutput<Schema>) => unknown) | undefined;
  /**
   * Whether a server hides the calls of this tool from pages. A page then sees the name and the status of a call, but
   * not its arguments, output, progress and error. `createRunsHandler` rejects a private tool without `execute`, because a
   * page would have to answer its calls. @default false
   */
  readonly private?: boolean | undefined;
  /** The time limit of one execution, in milliseconds. @default the runner's `tools.timeoutMs`, or no limit */
  readonly timeoutMs?: number | undefined;
  /**
   * Whether a call may be executed twice. Otherwise, a call that was running when a process died is not executed again.
   * @default false
   */
  readonly idempotent?: boolean | undefined;
  /** Whether the API enforces the schema exactly. @default true */
  readonly strict?: boolean | undefined;
  /**
   * The schema of the results as JSON, for programs that read them. It is sent as `output_schema`, and does not
   * validate the results. With it, the API accepts only JSON: a string is sent as a JSON string, unless it is the JSON
   * text of an object or a list. An error is sent as `{ "error": "…" }`. Content parts fail the call.
   */
  readonly output?: SchemaSource | undefined;
}

/** Information about the call that `needsApproval` checks. */
export interface ApprovalContext<Context = unknown> {
  readonly callId: string;
  readonly runId: string;
  readonly context: Context;
}

/** A tool whose calls the client answers, made by {@link tool} or `customTool`. */
export interface Tool<
  Name extends string = string,
  Arguments = unknown,
  Result = unknown,
  Context = unknown,
> {
  readonly type: 'function' | 'custom';
  readonly name: Name;
  /** The definition that is sent to the API, deep-frozen. */
  readonly definition: WireTool;
  /** Parses and validates the arguments that the model wrote. */
  read(raw: string): Promise<ReadResult>;
  readonly timeoutMs: number | undefined;
  readonly idempotent: boolean;
  /** Whether the tool has `execute`. Without it, a call waits for `run.submitToolOutput`. */
  readonly executable: boolean;
  /** Whether a server hides the arguments, output, progress and errors of the calls from pages. */
  readonly private: boolean;
  execute(args: unknown, context: ToolContext<Context>): unknown;
  needsApproval(args: unknown, context: ApprovalContext<Context>): boolean | PromiseLike<boolean>;
  /** Returns the value that the person who decides about a call is shown. Undefined if the tool has no such function. */
  readonly approvalView: ((args: unknown) => unknown) | undefined;
  /** Undefined at run time. Provides the types of the arguments and the result to views. */
  readonly '~types'?: { readonly arguments: Arguments; readonly result: Result };
}

/** Adds `properties`, which the API requires of an object schema even without strict mode. */
function withProperties(schema: JsonObject): JsonObject {
  return schema['type'] === 'object' ? { ...schema, properties: schema['properties'] ?? {} } : schema;
}

/**
 * Defines a function tool.
 *
 * @throws ConfigurationError for an invalid option, or for a schema that cannot be sent or cannot be strict
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
  const { name, description, timeoutMs, needsApproval = false, approvalView, strict = true } = options;
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
    private: options.private ?? false,
    // The schema has validated the arguments for `execute`. The tool list of an agent cannot express this in types.
    execute: (args: unknown, context: ToolContext<Context>) =>
      options.execute?.(args as InferOutput<Schema>, context),
    needsApproval: (args: unknown, context: ApprovalContext<Context>) =>
      typeof needsApproval === 'function'
        ? needsApproval(args as InferOutput<Schema>, context)
        : needsApproval,
    approvalView: approvalView && ((args: unknown) => approvalView(args as InferOutput<Schema>)),
  });
}
