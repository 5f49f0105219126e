import type { Agent } from '../../agent/define-agent.ts';
import type { Scrub } from '../../client/scrub.ts';
import { loopBody } from '../../engine/build-create.ts';
import type { RequestPatch } from '../../engine/request-patch.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { ErrorView } from '../../engine/view/run-view.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { CreateBody } from '../../wire/create-body.ts';
import { deepFreeze } from '../../wire/deep-freeze.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { jsonCopy } from '../../wire/json-copy.ts';
import { wellFormedCopy } from '../../wire/well-formed.ts';
import type { InputItem } from '../../wire/items.ts';
import { isTool, saferPlaces, secretInItems, sharedLabel } from '../../wire/tool-secrets.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { wordOf } from '../../wire/text-of.ts';

/** The fields of a create that the loop owns. A change of them would break the run in ways that are not visible immediately. */
const owned = ['background', 'stream', 'previous_response_id'];

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}

function outputsIn(input: readonly JsonValue[]): readonly JsonValue[] {
  // The answer to a hosted server's question is an output by another name.
  return input.filter(
    (item) => isJsonObject(item) && /call_output$|^mcp_approval_response$/.test(wordOf(item['type'])),
  );
}

function refuse(what: string): never {
  throw new ConfigurationError(
    `prepareRequest changed ${what}, which the loop owns. Items may be added after the outputs in \`input\`.`,
    { option: 'prepareRequest' },
  );
}

function patchOfInput(
  before: readonly InputItem[],
  after: JsonValue | undefined,
  chained: boolean,
): Pick<RequestPatch, 'append' | 'replace'> {
  const input = typeof after === 'string' ? [{ role: 'user', content: after }] : after;
  if (!Array.isArray(input) || !input.every(isJsonObject))
    return refuse('`input` to something that is not a list of items');
  if (!same(outputsIn(before), outputsIn(input))) refuse('the call outputs in `input`');
  if (same(before, input)) return {};
  const secret = secretInItems(input);
  if (secret !== undefined)
    throw new ConfigurationError(
      `prepareRequest put a secret of a tool into \`input\`, which is saved (${secret}): ${saferPlaces}.`,
      { option: 'prepareRequest' },
    );
  const kept = same(before, input.slice(0, before.length));
  // The input of a chained iteration is its outputs. They stay first, before added items.
  if (!kept && chained && outputsIn(before).length > 0) refuse('the place of the call outputs in `input`');
  return kept ? { append: input.slice(before.length) } : { replace: input };
}

function patchOf(before: CreateBody, after: JsonObject): RequestPatch | null {
  for (const parameter of owned) {
    if (!same(before[parameter], after[parameter])) refuse(`\`${parameter}\``);
  }
  const { tools } = after;
  // Secrets are found in tools alone.
  if (tools !== undefined && !(Array.isArray(tools) && tools.every(isTool)))
    refuse('`tools` to something that is not a list of tools');
  const label = tools && sharedLabel(tools);
  if (label !== undefined)
    throw new ConfigurationError(
      `prepareRequest set two MCP servers with the label ${JSON.stringify(label)}: give each its own \`server_label\`.`,
      { option: 'prepareRequest' },
    );
  const set: Record<string, JsonValue> = {};
  for (const [parameter, value] of Object.entries(after)) {
    if (parameter !== 'input' && value !== undefined && !same(before[parameter], value))
      set[parameter] = value;
  }
  const unset = Object.keys(before).filter(
    (parameter) => after[parameter] === undefined && parameter !== 'input',
  );
  const input = patchOfInput(before.input, after['input'], before.previous_response_id !== undefined);
  const nothing = Object.keys(set).length + unset.length + Object.keys(input).length === 0;
  return nothing ? null : { set, unset, ...input };
}

/**
 * Calls the agent's `prepareRequest` with an iteration's request, and determines its changes. Only the changes are saved,
 * because the request may contain the whole history.
 *
 * @throws ConfigurationError if it changed a field that the loop owns; any error of `prepareRequest` itself
 */
export async function prepareRequest(
  agent: Agent,
  state: RunState,
  items: readonly StoredItem[],
  context: unknown,
): Promise<RequestPatch | null> {
  const { runId, iteration, attempts } = state;
  // The request as it will be sent. The result of `prepareRequest` is compared with it.
  const body = deepFreeze(wellFormedCopy(loopBody(state, agent.spec, items)));
  const prepared = await agent.prepareRequest(body, {
    runId,
    iteration,
    attempt: attempts.length - 1,
    context,
  });
  if (prepared === undefined || prepared === body) return null;
  if (!isJsonObject(prepared)) return refuse('the request to something that is not an object');
  try {
    return patchOf(body, jsonCopy(prepared));
  } catch (error) {
    if (error instanceof TypeError)
      return refuse(`the request to something that JSON cannot hold (${error.message})`);
    throw error;
  }
}

/** The error that ends the run if `prepareRequest` throws. */
export function prepareFailure(error: unknown, scrub?: Scrub): ErrorView {
  const message = errorMessage(error, scrub);
  if (ConfigurationError.isInstance(error)) return { code: 'configuration', message };
  return { code: 'prepare_request_failed', message: `prepareRequest threw: ${message}` };
}
