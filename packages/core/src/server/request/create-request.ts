import { isJsonObject, wordOf, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { siteFieldsOf } from '../answer/rewrite-item.ts';
import { secretsOfTool } from '../answer/secrets-of.ts';
import { authorizeReferences } from './authorize-references.ts';
import { createFields, referringFields } from './create-fields.ts';
import { findReferences } from './find-references.ts';
import type { IdSigner, OwnedId } from '../ids/id-signer.ts';
import { hostedToolsFor } from './hosted-tools.ts';
import { allowedItems, checkInput, checkToolsOfItems } from './input-items.ts';
import type { Principal } from '../principal.ts';
import type { ProxyConfig } from '../options/proxy-config.ts';
import { Refusal } from '../refusal.ts';
import { resolveItems } from './resolve-items.ts';
import { checkToolChoice } from './check-tool-choice.ts';
import { checkTools } from './check-tools.ts';

/** A checked create, ready to be sent to the API. */
export interface CreateRequest {
  readonly body: JsonObject;
  readonly background: boolean;
  readonly stream: boolean;
  /** Whether the create continues a run: it has a previous response, outputs of calls, or approvals. */
  readonly continues: boolean;
  /** Values that the server added. An error must not contain them. */
  readonly secrets: readonly string[];
  /** The signed ids in the input, by the API's ids. */
  readonly items: ReadonlyMap<string, string>;
  /** The previous response, and the signed id that the client sent. */
  readonly previous: { readonly token: string; readonly owned: OwnedId } | undefined;
}

function checkFields(body: JsonObject, further: readonly string[]): JsonObject {
  const kept: Record<string, JsonValue> = {};
  for (const [param, value] of Object.entries(body)) {
    const rule = createFields.get(param);
    if (rule === undefined && !further.includes(param) && !referringFields.has(param)) {
      throw new Refusal(
        400,
        'unsupported_parameter',
        `The parameter '${param}' is not accepted by this server.`,
        { param },
      );
    }
    // Null means “not set” for every field. Some servers refuse it.
    if (value === null || value === undefined) continue;
    if (rule !== undefined && !rule.fits(value)) {
      throw new Refusal(400, 'invalid_type', `Invalid value for '${param}': expected ${rule.expected}.`, {
        param,
      });
    }
    kept[param] = value;
  }
  return kept;
}

function checkModel(model: JsonValue | undefined, allowed: readonly string[]): void {
  if (typeof model === 'string' && allowed.includes(model)) return;
  const message =
    typeof model === 'string'
      ? `The requested model '${model}' does not exist.`
      : `Missing required parameter: 'model'.`;
  throw new Refusal(400, 'model_not_found', message, { param: 'model' });
}

function checkInclude(include: JsonValue | undefined, allowed: readonly string[]): void {
  const refused = Array.isArray(include)
    ? include.find((value: JsonValue) => !allowed.some((one) => one === value))
    : undefined;
  if (refused === undefined) return;
  throw new Refusal(400, 'include_not_allowed', `'include' must not contain '${wordOf(refused)}' here.`, {
    param: 'include',
  });
}

function capped(value: JsonValue | undefined, cap: number | undefined): JsonValue | undefined {
  if (cap === undefined || !Number.isFinite(cap)) return value;
  return typeof value === 'number' ? Math.min(value, cap) : cap;
}

/** Returns the fields that can refer to something. Schemas are excluded, because they may have a property `file_id`. */
function referring(body: JsonObject): JsonObject {
  const {
    tools: _tools,
    tool_choice: _choice,
    metadata: _metadata,
    previous_response_id: _previous,
    text,
    ...rest
  } = body;
  if (!isJsonObject(text)) return rest;
  return {
    ...rest,
    text: isJsonObject(text['format']) ? { ...text, format: { ...text['format'], schema: null } } : text,
  };
}

function withoutUndefined(body: JsonObject): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function hasOutputs(items: JsonValue | undefined): boolean {
  const isOutput = (item: JsonValue): boolean =>
    isJsonObject(item) && /_(?:output|approval_response)$/.test(wordOf(item['type']));
  return Array.isArray(items) && items.some(isOutput);
}

/** Checks a create of a client and returns the one for the API, or throws a `Refusal` that names the field. */
export async function checkCreate<P extends Principal>(
  sent: JsonObject,
  principal: P,
  owner: string,
  config: ProxyConfig<P>,
  signer: IdSigner,
): Promise<CreateRequest> {
  const { allow } = config;
  const body = checkFields(sent, allow.fields);
  const { input, tools, tool_choice: choice, previous_response_id: token } = body;
  checkModel(body['model'], allow.models);
  checkInclude(body['include'], allow.include);
  const hostedNames = new Set(allow.hostedTools.keys());
  if (choice !== undefined) checkToolChoice(choice, hostedNames);
  const now = config.clock.now();
  const { items, owned: ownItems } = await resolveItems(
    input === undefined ? undefined : checkInput(input, allowedItems(hostedNames, allow.inputItems)),
    (name) => signer.verifyItem(name, owner, now),
  );
  const references = findReferences({ ...referring(body), input: items }, '');
  await authorizeReferences(
    references.filter(({ kind, id }) => kind !== 'item' || id === undefined || !ownItems.has(id)),
    (kind, id) => config.authorizeReference(principal, kind, id),
  );
  const owned = typeof token === 'string' ? await signer.verify(token, owner, now) : undefined;
  if (typeof token === 'string' && owned === undefined) {
    throw new Refusal(400, 'previous_response_not_found', `Previous response with id '${token}' not found.`, {
      param: 'previous_response_id',
    });
  }
  const hosted = hostedToolsFor(allow.hostedTools, principal);
  const overrides =
    typeof config.overrides === 'function' ? await config.overrides(principal) : config.overrides;
  const upstream = withoutUndefined({
    ...body,
    input: await checkToolsOfItems(items, (list, param) => checkTools(list, hosted, param)),
    tools: tools === undefined ? undefined : await checkTools(tools, hosted),
    previous_response_id: owned?.responseId,
    max_output_tokens: capped(body['max_output_tokens'], allow.maxOutputTokens),
    max_tool_calls: capped(body['max_tool_calls'], allow.maxToolCalls),
    ...overrides,
  });
  return {
    body: upstream,
    continues: owned !== undefined || hasOutputs(items),
    secrets: [...hosted.given.flatMap(secretsOfTool), ...Object.values(siteFieldsOf(upstream))],
    background: upstream['background'] === true,
    stream: upstream['stream'] === true,
    items: ownItems,
    previous: typeof token === 'string' && owned !== undefined ? { token, owned } : undefined,
  };
}
