import type { AgentSpec } from '../engine/agent-spec.ts';
import { ConfigurationError } from '../errors/configuration-error.ts';
import { mustBe, mustBeJson, mustBeOptions } from '../errors/must-be.ts';
import {
  compileSchema,
  type CompiledSchema,
  type InferInput,
  type InferOutput,
  type SchemaSource,
} from '../schema/tool-schema.ts';
import type { CreateBody } from '../wire/create-body.ts';
import { defined } from '../wire/defined.ts';
import { deepFreeze } from '../wire/deep-freeze.ts';
import { isJsonObject, type JsonObject } from '../wire/json.ts';
import type { AgentRef } from './agent-ref.ts';
import { checkMetadata } from './check-metadata.ts';
import { collectTools, type AgentTool } from './collect-tools.ts';
import { loopFields } from './loop-fields.ts';
import type { Tool } from './tool.ts';

/** The second argument of `prepareRequest`. */
export interface PrepareRequestContext {
  readonly runId: string;
  /** The iteration, from 0. */
  readonly iteration: number;
  /** The attempt of the iteration, from 0. */
  readonly attempt: number;
  readonly context: unknown;
}

export interface AgentOptions<
  Tools extends readonly AgentTool[],
  Output extends SchemaSource,
  Name extends string = string,
> {
  /** The name that identifies the agent of a saved run. */
  readonly name: Name;
  /** @example 'gpt-6-astra' */
  readonly model: string;
  /** Sent with every create, because the API does not use the instructions of the previous response again. */
  readonly instructions?: string | undefined;
  readonly tools?: Tools | undefined;
  /** Whether responses run in the background, so that a lost connection does not end them. @default true */
  readonly background?: boolean | undefined;
  /** The schema of the answer. It is sent as `text.format`, and validates `result.output`. */
  readonly output?: Output | undefined;
  /**
   * Other parameters of each create: `reasoning`, `metadata`, `tool_choice`, `max_output_tokens`, … `required` and
   * forced tool choices apply to the first iteration. They become `auto` after it, so that the run can end.
   */
  readonly request?: { readonly [parameter: string]: unknown } | undefined;
  /** The maximum number of iterations of a run. @default 20 */
  readonly maxIterations?: number | undefined;
  /**
   * Receives each iteration's request, deep-frozen, before it is saved and sent. Returns the fields that it changes. A
   * field with the value `undefined` is left out of the request. A field that is identical to the request's is not a
   * change. `append` adds items after the loop's own `input`. The loop owns `background`, `stream`,
   * `previous_response_id`, `conversation`, and the call outputs in `input`.
   *
   * The changes are saved, except secrets. A process that does not have the secrets calls `prepareRequest` again before
   * it sends the request again, polls the response, or checks its calls. A text is a secret if the API does not know
   * its field in the request (`extra_headers`), in a tool (`env`) or in `tool_choice`. In these places, a number of at
   * least 10,000,000 is one too. The `authorization` and the values of `headers` of an MCP server are secrets, and so
   * are the values of `domain_secrets`. The user info, query and fragment of a `server_url` are secrets too. In its
   * path, a part is a secret if it has at least 16 characters and does not consist of words. Longhaul removes secrets
   * from the requests and errors that it shows or saves, including those of the agent's own `tools` and `request`.
   *
   * @example prepareRequest: (request, { iteration }) => (iteration > 3 ? { model: 'gpt-6-mini' } : undefined)
   * @example prepareRequest: () => ({ append: [{ role: 'developer', content: 'Answer in one sentence.' }] })
   */
  prepareRequest?(
    request: CreateBody,
    context: PrepareRequestContext,
  ): object | undefined | void | PromiseLike<object | undefined | void>;
}

/** An agent, made by {@link defineAgent}. It is immutable. Any number of runs may use it at the same time. */
export interface Agent<
  Tools extends readonly AgentTool[] = readonly AgentTool[],
  Output = unknown,
  OutputJson = unknown,
  Name extends string = string,
> extends AgentRef<Tools, Output, OutputJson, Name> {
  readonly spec: AgentSpec;
  /** The tools whose calls the client answers, by name. A tool in a namespace has a key such as `crm.find`. */
  readonly tools: ReadonlyMap<string, Tool>;
  readonly output: CompiledSchema | undefined;
  prepareRequest(request: CreateBody, context: PrepareRequestContext): unknown;
}

/** Parameters that `request` must not have, because options of the agent or the loop set them. */
const reservedParameters: Readonly<Record<string, string>> = {
  model: 'use the option `model` of the agent',
  instructions: 'use the option `instructions` of the agent',
  tools: 'use the option `tools` of the agent',
  ...loopFields,
};

function refuse(owner: string, option: string, why: string): never {
  throw new ConfigurationError(`${owner}: \`${option}\` is not allowed: ${why}.`, { option });
}

/**
 * Defines an agent: a model, its instructions and tools.
 *
 * @throws ConfigurationError for invalid options. The message names the option.
 * @example
 * const agent = defineAgent({ name: 'weather', model: 'gpt-6-astra', tools: [getWeather] });
 */
export function defineAgent<
  const Tools extends readonly AgentTool[] = readonly [],
  Output extends SchemaSource = never,
  const Name extends string = string,
>(
  options: AgentOptions<Tools, Output, Name>,
): Agent<
  Tools,
  [Output] extends [never] ? undefined : InferOutput<Output>,
  [Output] extends [never] ? undefined : InferInput<Output>,
  Name
> {
  const owner = `agent ${JSON.stringify(options?.name)}`;
  mustBeOptions(options, owner, {
    name: 'string',
    model: 'string',
    instructions: 'string',
    tools: 'any',
    background: 'boolean',
    output: 'any',
    request: 'any',
    maxIterations: 'any',
    prepareRequest: 'function',
  });
  const { name, model, instructions, background = true, maxIterations = 20, request = {} } = options;
  const { tools: entries = [] } = options;
  mustBe(Boolean(name), owner, 'name', 'a string that is not empty');
  mustBe(Boolean(model), owner, 'model', 'the name of a model');
  const isCount = Number.isInteger(maxIterations) && maxIterations > 0;
  mustBe(isCount, owner, 'maxIterations', 'a whole number of at least 1');
  mustBe(isJsonObject(request), owner, 'request', 'an object of create parameters');
  mustBe(Array.isArray(entries), owner, 'tools', 'an array');
  for (const [parameter, advice] of Object.entries(reservedParameters)) {
    if (parameter in request) refuse(owner, `request.${parameter}`, advice);
  }
  checkMetadata(owner, 'request.metadata', request['metadata']);
  const { tools, wire } = collectTools(owner, entries);
  const output =
    options.output === undefined
      ? undefined
      : compileSchema(options.output, { name, option: 'output', strict: true });
  return Object.freeze({
    name,
    spec: deepFreeze({
      name,
      model,
      ...defined({ instructions }),
      tools: wire,
      background,
      maxIterations,
      request: withFormat(name, mustBeJson<JsonObject>(request, owner, 'request'), output),
      prepares: options.prepareRequest !== undefined,
      structured: output !== undefined,
    }),
    tools,
    output,
    prepareRequest: (body: CreateBody, context: PrepareRequestContext) =>
      options.prepareRequest?.(body, context),
  });
}

function withFormat(agent: string, request: JsonObject, output: CompiledSchema | undefined): JsonObject {
  if (output === undefined) return request;
  const text = isJsonObject(request['text']) ? request['text'] : {};
  if ('format' in text) refuse(`agent "${agent}"`, 'request.text.format', 'the loop writes it for `output`');
  // The API accepts the same characters in the name of a format as in the name of a tool.
  const name = agent.replace(/[^a-zA-Z0-9_-]/g, '_').slice(0, 64);
  const format = { type: 'json_schema', name, schema: output.wire, strict: output.strict };
  return { ...request, text: { ...text, format } };
}
