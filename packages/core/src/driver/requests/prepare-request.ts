import type { Agent } from '../../agent/define-agent.ts';
import { loopFields } from '../../agent/loop-fields.ts';
import type { Scrub } from '../../client/scrub.ts';
import { loopBody } from '../../engine/build-create.ts';
import type { RequestPatch } from '../../engine/request-patch.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { StoredItem } from '../../engine/stored-item.ts';
import type { FailureReason } from '../../engine/engine-event.ts';
import { ConfigurationError } from '../../errors/configuration-error.ts';
import type { CreateBody } from '../../wire/create-body.ts';
import { deepFreeze } from '../../wire/deep-freeze.ts';
import { isJsonObject, jsonCopy, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { wellFormedCopy } from '../../wire/well-formed.ts';
import type { InputItem } from '../../wire/items.ts';
import { isTool, saferPlaces, secretInItems, sharedLabel } from '../../wire/tool-secrets.ts';
import { errorMessage } from '../../errors/error-message.ts';

function refuse(why: string): never {
  throw new ConfigurationError(`prepareRequest ${why}.`, { option: 'prepareRequest' });
}

/** Compares items of a request, first by identity, because the input may contain the whole history. */
function isSame(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function isItems(value: unknown): value is readonly InputItem[] {
  return Array.isArray(value) && value.every(isJsonObject);
}

function outputsIn(input: readonly InputItem[]): readonly InputItem[] {
  // An approval of a hosted server's call counts as an output too.
  return input.filter(({ type }) => /call_output$|^mcp_approval_response$/.test(wordOf(type)));
}

/** The list as it would be sent. Items of the request itself are not copied, because they may be the whole history. */
function copyItems(items: unknown, before: readonly InputItem[]): readonly InputItem[] {
  const known = new Set<unknown>(before);
  const copy: unknown = Array.isArray(items)
    ? items.map((item) => (known.has(item) ? item : copyOf(item)))
    : items;
  return isItems(copy) ? copy : refuse('set `input` or `append` to something that is not a list of items');
}

function copyOf(item: unknown): unknown {
  return item === undefined ? undefined : jsonCopy(item);
}

/** The items that `prepareRequest` adds, or the input that replaces the loop's own. */
function inputPatch(
  { input: before, previous_response_id: previous }: CreateBody,
  given: unknown,
  append: unknown,
): Pick<RequestPatch, 'append' | 'replace'> {
  const input = typeof given === 'string' ? [{ role: 'user', content: given }] : given;
  const after = [...copyItems(input, before), ...copyItems(append, [])];
  const keeps = before.every((item, index) => isSame(after[index], item));
  const outputs = outputsIn(before);
  const others = outputsIn(after);
  if (others.length !== outputs.length || !outputs.every((output, index) => isSame(others[index], output)))
    refuse('changed the call outputs in `input`, which the loop owns. Items may be added after them');
  // The input of a chained iteration is its outputs. They stay first, before added items.
  if (!keeps && previous !== undefined && outputs.length > 0)
    refuse('moved the call outputs in `input`. Items may be added after them');
  const items = jsonCopy(keeps ? after.slice(before.length) : after);
  const secret = secretInItems(items);
  if (secret !== undefined)
    refuse(`put a secret of a tool into \`input\`, which is saved (${secret}): ${saferPlaces}`);
  if (!keeps) return { replace: items };
  return items.length > 0 ? { append: items } : {};
}

/** Refuses a change of a field that the loop owns. `null` and `false` do not change a field that the request lacks. */
function checkOwner(body: CreateBody, name: string, value: JsonValue | undefined): void {
  if (body[name] === undefined && (value ?? false) === false) return;
  refuse(`changed \`${name}\`, which the loop owns: ${loopFields[name]}`);
}

/** The fields whose values differ from those of the request. A copy with the same value is not a change. */
function fieldChanges(body: CreateBody, fields: JsonObject): Pick<RequestPatch, 'set' | 'unset'> {
  // Copied first, so that the checks see the values that will be sent.
  const values = jsonCopy(fields);
  const set: Record<string, JsonValue> = {};
  const unset: string[] = [];
  for (const name of Object.keys(fields)) {
    const value = values[name];
    if (value === undefined && fields[name] !== undefined)
      refuse(`set \`${name}\` to something that JSON cannot represent`);
    if (isSame(value, body[name])) continue;
    if (Object.hasOwn(loopFields, name)) checkOwner(body, name, value);
    else if (value === undefined) unset.push(name);
    else set[name] = value;
  }
  return { set, unset };
}

function patchOf(body: CreateBody, returned: JsonObject): RequestPatch | null {
  const { append = [], input = body.input, ...fields } = returned;
  const { set, unset } = fieldChanges(body, fields);
  const { tools } = set;
  // Secrets are only found in valid tools.
  if (tools !== undefined && !(Array.isArray(tools) && tools.every(isTool)))
    refuse('set `tools` to something that is not a list of tools');
  const label = tools && sharedLabel(tools);
  if (label !== undefined)
    refuse(
      `set two MCP servers with the label ${JSON.stringify(label)}. Each needs its own \`server_label\``,
    );
  const added = inputPatch(body, input, append);
  const isEmpty = [set, unset, added].every((part) => Object.keys(part).length === 0);
  return isEmpty ? null : { set, unset, ...added };
}

/** The result of `toJSON` if the object has one, otherwise the value itself. */
function writtenForm(value: unknown): unknown {
  const toJson: unknown = Object(value).toJSON;
  return typeof toJson === 'function' ? Reflect.apply(toJson, value, []) : value;
}

/**
 * Calls the agent's `prepareRequest` with an iteration's request, and determines its changes. Only the changes are
 * saved, because the request may contain the whole history.
 *
 * @throws ConfigurationError if `prepareRequest` changes a field of the loop, or if its changes cannot be sent; any
 * error of `prepareRequest` itself
 */
export async function prepareRequest(
  agent: Agent,
  state: RunState,
  items: readonly StoredItem[],
  context: unknown,
): Promise<RequestPatch | null> {
  const { runId, iteration, attempts } = state;
  const body = deepFreeze(wellFormedCopy(loopBody(state, agent.spec, items)));
  const attempt = attempts.length - 1;
  const returned = await agent.prepareRequest(body, { runId, iteration, attempt, context });
  if (returned === undefined || returned === body) return null;
  const changes = writtenForm(returned);
  if (!isJsonObject(changes)) return refuse('returned something that is not an object');
  try {
    return patchOf(body, changes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return refuse(`returned something that JSON cannot represent (${error.message})`);
  }
}

/** The error that ends the run if `prepareRequest` throws. */
export function prepareFailure(error: unknown, scrub?: Scrub): FailureReason {
  const message = errorMessage(error, scrub);
  if (ConfigurationError.isInstance(error))
    return { error: { code: 'configuration', message }, errorKind: 'configuration' };
  return { error: { code: 'prepare_request_failed', message: `prepareRequest threw: ${message}` } };
}
