import type { CreateBody } from '../wire/create-body.ts';
import { defined } from '../wire/defined.ts';
import type { InputItem } from '../wire/items.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../wire/json.ts';
import type { AgentSpec } from './agent-spec.ts';
import { callOutputs, inputItems, replayedInput } from './conversation.ts';
import type { RequestPatch } from './request-patch.ts';
import type { RunState } from './run-state.ts';
import { steeredItems } from './steered-items.ts';
import type { StoredItem } from './stored-item.ts';

const encryptedReasoning = 'reasoning.encrypted_content';

/** The body of an iteration's create, with the changes of `prepareRequest` if there are any. */
export function buildCreate(state: RunState, spec: AgentSpec, items: readonly StoredItem[]): CreateBody {
  const patch = findPatch(state, items);
  const body = loopBody(state, spec, items);
  return patch === undefined ? body : applyPatch(body, patch, state);
}

/** The body of the create before the changes of `prepareRequest`. */
export function loopBody(state: RunState, spec: AgentSpec, items: readonly StoredItem[]): CreateBody {
  const { background, metadata, iteration, strategy, previousResponseId } = state;
  const { store, tool_choice: toolChoice, include, metadata: own, ...request } = spec.request;
  const streams = state.attempts.at(-1)?.mode === 'stream';
  const wanted = includeOf(state, include);
  return {
    ...request,
    model: spec.model,
    ...defined({
      instructions: spec.instructions,
      previous_response_id: (strategy === 'chain' && previousResponseId) || undefined,
      tools: spec.tools.length > 0 ? spec.tools : undefined,
      tool_choice: toolChoiceOf(toolChoice, iteration),
      include: wanted.length > 0 ? wanted : undefined,
      // Without `store`, a background response may be deleted ten minutes after it has finished.
      store: typeof store === 'boolean' ? store : background || undefined,
      stream: streams || undefined,
    }),
    input: inputOf(state, items, spec),
    // In every create of the run (I3).
    background,
    metadata: {
      ...metadataOf(own),
      ...metadata,
      ...idMetadata(state),
    },
  };
}

/** The pairs that name the run and the iteration of a response. */
function idMetadata({ runId, iteration }: RunState): Record<string, string> {
  return { longhaul_run_id: runId, longhaul_iteration: String(iteration) };
}

function metadataOf(own: unknown): Record<string, string> {
  return typeof own === 'object' && own !== null ? { ...own } : {};
}

function inputOf(state: RunState, items: readonly StoredItem[], { tools }: AgentSpec): readonly InputItem[] {
  const { iteration, strategy } = state;
  if (strategy === 'replay') return replayedInput(items, iteration, tools);
  // A chained create has only the new items. The server adds the earlier ones, which the model must not read twice.
  const before =
    iteration === 0 ? inputItems(items, strategy === 'first') : callOutputs(items, iteration - 1, tools);
  return [...before, ...(steeredItems(items).get(iteration) ?? [])];
}

/**
 * The `include` of a create. If the server does not keep reasoning, the run must send it again, encrypted. Models
 * without reasoning refuse this `include`, so it is only added if it is needed.
 */
function includeOf(state: RunState, include: unknown): readonly string[] {
  const wanted = Array.isArray(include)
    ? include.filter((entry): entry is string => typeof entry === 'string')
    : [];
  const { policy, stored, refusesEncryptedReasoning } = state;
  if (refusesEncryptedReasoning) return supportedIncludes(state, wanted);
  const needed = policy.store === false || stored === false || policy.continuation === 'replay';
  return needed && !wanted.includes(encryptedReasoning) ? [...wanted, encryptedReasoning] : wanted;
}

/** The entries that the model has not refused. */
function supportedIncludes<Entry>(
  { refusesEncryptedReasoning }: RunState,
  entries: readonly Entry[],
): Entry[] {
  return entries.filter((entry) => !refusesEncryptedReasoning || entry !== encryptedReasoning);
}

function findPatch(state: RunState, items: readonly StoredItem[]): RequestPatch | undefined {
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    if (item?.type === 'request' && item.iteration === state.iteration && item.strategy === state.strategy)
      return item.patch;
    if (item?.type === 'iteration' && item.iteration < state.iteration) return undefined;
  }
  return undefined;
}

function applyPatch(body: CreateBody, patch: RequestPatch, state: RunState): CreateBody {
  const patched: { -readonly [Key in keyof CreateBody]: CreateBody[Key] } & JsonObject = {
    ...body,
    ...patch.set,
  };
  for (const parameter of patch.unset) delete patched[parameter];
  const { include } = patched;
  return {
    ...patched,
    ...(Array.isArray(include) && { include: supportedIncludes(state, include) }),
    // These pairs identify the run of a response, so they are kept even if `prepareRequest` sets other metadata.
    metadata: { ...metadataOf(patched.metadata), ...idMetadata(state) },
    input: patch.replace ?? [...body.input, ...(patch.append ?? [])],
  };
}

/**
 * The `tool_choice` of an iteration. A choice that forces a call applies only to the first iteration. If every create
 * had it, the model would never stop calling.
 */
export function toolChoiceOf(
  choice: JsonValue | undefined,
  iteration: number,
): JsonObject | string | undefined {
  if (typeof choice !== 'string' && !isJsonObject(choice)) return undefined;
  if (iteration === 0 || choice === 'none' || choice === 'auto') return choice;
  return isJsonObject(choice) && choice['type'] === 'allowed_tools' ? { ...choice, mode: 'auto' } : 'auto';
}
