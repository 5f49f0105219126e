import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import type { Leg } from '../script/leg.ts';
import { legFor } from '../script/leg-for.ts';
import type { ScriptRequest } from '../script/script.ts';
import { inputItems, lastUserText, outputsByCall, typeOf } from './conversation.ts';
import { callId, chainPrefix, kindOf, objectId } from './ids.ts';
import { outputItems } from './output-items.ts';
import type { Outcome, StoredResponse } from './stored-response.ts';
import { tokensIn, usageOf } from './usage-of.ts';

export interface CreateRequest {
  readonly body: JsonObject;
  readonly previous: StoredResponse | undefined;
  readonly conversation: readonly Item[];
  readonly legIndex: number;
}

function outcomeOf(leg: Leg): Outcome {
  if (leg.fail !== undefined) {
    return {
      status: 'failed',
      code: leg.fail.code,
      message: leg.fail.message ?? `The model failed: ${leg.fail.code}.`,
    };
  }
  const incomplete = leg.incomplete ?? false;
  if (incomplete === false) return { status: 'completed' };
  return { status: 'incomplete', reason: incomplete === true ? 'max_output_tokens' : incomplete };
}

function scriptRequest({ body, conversation, legIndex }: CreateRequest): ScriptRequest {
  return {
    ...body,
    model: String(body['model']),
    body,
    legIndex,
    items: conversation,
    outputs: outputsByCall(conversation),
    userText: lastUserText(conversation),
  };
}

function withIds(items: readonly Item[], itemId: (type: string) => string): readonly Item[] {
  return items.map((item) => (item.id === undefined ? { ...item, id: itemId(typeOf(item)) } : item));
}

function later(from: number, ms: number): number | null {
  return Number.isFinite(ms) ? from + ms : null;
}

function tokensBefore(previous: StoredResponse | undefined): number {
  const total = previous?.usage['total_tokens'];
  return typeof total === 'number' ? total : 0;
}

/** Asks the script for a leg and makes the record of the response that answers with it. */
export async function newResponse(emulation: Emulation, request: CreateRequest): Promise<StoredResponse> {
  const { clock, random, options } = emulation;
  const { body, previous } = request;
  const leg = await legFor(options.script, scriptRequest(request));
  const createdAt = clock.now();
  const background = body['background'] === true;
  const store = body['store'] === undefined ? (options.storeDefault ?? true) : body['store'] !== false;
  const chain = previous?.chain ?? chainPrefix(random);
  const startsAt = background ? later(createdAt, leg.queuedMs ?? options.queuedMs ?? 20) : createdAt;
  const itemId = (type: string): string => objectId(random, kindOf(type), chain, startsAt ?? createdAt);
  const include = body['include'];
  const output = outputItems(leg, {
    itemId,
    callId: () => callId(random),
    encrypt: Array.isArray(include) && include.includes('reasoning.encrypted_content'),
    oneCall: body['parallel_tool_calls'] === false,
  });
  return {
    id: objectId(random, 'resp', chain, createdAt, background || store),
    chain,
    createdAt,
    body,
    model: String(body['model']),
    background,
    store,
    streamed: body['stream'] === true,
    retention: store ? 'stored' : background ? 'ephemeral' : 'none',
    legIndex: request.legIndex,
    previousId: previous?.id ?? null,
    input: withIds(inputItems(body['input']), itemId),
    output,
    outcome: outcomeOf(leg),
    usage: leg.usage ?? usageOf(tokensIn(JSON.stringify(body)), tokensBefore(previous), output),
    deltaSize: leg.deltaSize ?? null,
    oddities: {},
    startsAt,
    endsAt: startsAt === null ? null : later(startsAt, leg.runMs ?? options.runMs ?? 80),
    held: null,
    cancelled: null,
    deleted: false,
  };
}
