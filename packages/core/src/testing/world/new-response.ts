import type { Item, OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import type { Iteration } from '../script/iteration.ts';
import { windowHours } from '../validation/background-options.ts';
import { iterationFor } from '../script/iteration-for.ts';
import type { ScriptRequest } from '../script/script.ts';
import { bentOutput } from './bent-output.ts';
import { compacts } from './compact-context.ts';
import { compactionItem, type Compactions } from './compactions.ts';
import type { StoredConversation } from './conversations.ts';
import { inputItems, lastUserText, outputsByCall, typeOf } from './conversation.ts';
import { failureMessage } from './failure-message.ts';
import { callId, chainPrefix, kindOf, objectId } from './ids.ts';
import { traitsOf } from './model-traits.ts';
import { odditiesOf } from './oddities-of.ts';
import { outputItems } from './output-items.ts';
import type { Outcome, StoredResponse } from './stored-response.ts';
import { tokensIn, usageOf } from './usage-of.ts';

/** The model of a stored prompt if the create does not name one. */
const promptModel = 'gpt-4.1';

/** A create that passed validation. */
export interface CreateRequest {
  readonly body: JsonObject;
  readonly model: string;
  readonly previous: StoredResponse | undefined;
  readonly continued: StoredConversation | undefined;
  /** This create's own input, with references resolved. */
  readonly input: readonly Item[];
  readonly conversation: readonly Item[];
  readonly iterationIndex: number;
  /** The answer of a model that cannot see the continued conversation (fault `chain-ignored`). */
  readonly blind?: Iteration;
}

function outcomeOf(iteration: Iteration): Outcome {
  if (iteration.fail !== undefined) {
    const { code, message = failureMessage(code), misalignment } = iteration.fail;
    return { status: 'failed', code, message, ...(misalignment === undefined ? {} : { misalignment }) };
  }
  const incomplete = iteration.incomplete ?? false;
  if (incomplete === false) return { status: 'completed' };
  return { status: 'incomplete', reason: incomplete === true ? 'max_output_tokens' : incomplete };
}

function scriptRequest(
  { body, model, conversation, iterationIndex }: CreateRequest,
  compactions: Compactions,
): ScriptRequest {
  // A compaction is opaque to clients, but the model sees the items that it replaces.
  const known = compactions.expanded(conversation);
  return {
    ...body,
    model,
    body,
    iterationIndex,
    items: conversation,
    outputs: outputsByCall(known),
    userText: lastUserText(known),
  };
}

function withIds(items: readonly Item[], itemId: (type: string) => string): readonly Item[] {
  return items.map((item) => (item.id === undefined ? { ...item, id: itemId(typeOf(item)) } : item));
}

function later(from: number | null, ms: number | null): number | null {
  return from === null || ms === null ? null : from + ms;
}

/** Replaces Infinity by null, as JSON does. */
function finite(ms: number): number | null {
  return Number.isFinite(ms) ? ms : null;
}

function tokensBefore(previous: StoredResponse | undefined): number {
  const total = previous?.usage['total_tokens'];
  return typeof total === 'number' ? total : 0;
}

/** How long a discounted background response stays queued: half of its window. */
function discountedMs(body: JsonObject): number | undefined {
  const hours = windowHours(body);
  return hours === undefined ? undefined : (hours * 3_600_000) / 2;
}

interface Kept {
  readonly store: boolean;
  readonly retention: StoredResponse['retention'];
}

function kept(
  { options, faults }: Emulation,
  { body, iterationIndex }: CreateRequest,
  background: boolean,
): Kept {
  const asked = body['store'] ?? options.storeDefault ?? true;
  const never =
    options.zeroDataRetention === true || faults.take('store-false-echo', iterationIndex) !== undefined;
  const store = !never && asked !== false;
  if (store) return { store, retention: 'stored' };
  if (!background) return { store, retention: 'none' };
  return { store, retention: options.backgroundUnstored === 'stored' ? 'stored' : 'ephemeral' };
}

/** The chain prefix of replayed items that the client sends with their ids. */
function replayedChain({ world }: Emulation, body: JsonObject): string | undefined {
  for (const { id } of inputItems(body['input'])) {
    const owner = id === undefined ? undefined : world.ownerOf(id);
    if (owner !== undefined) return owner.chain;
  }
  return undefined;
}

function encrypts({ include }: JsonObject): boolean {
  return Array.isArray(include) && include.includes('reasoning.encrypted_content');
}

/** The output, with a compaction of the context at its end if one is due. */
function withCompaction(
  { compactions }: Emulation,
  { body, conversation }: CreateRequest,
  output: readonly OutputItem[],
  itemId: (type: string) => string,
): readonly OutputItem[] {
  if (!compacts(body, conversation, output)) return output;
  const id = itemId('compaction');
  compactions.add({ id, items: [...compactions.expanded(conversation), ...output] });
  return [...output, compactionItem(id)];
}

/** Gets an iteration from the script and creates the record of the response that answers with it. */
export async function newResponse(
  emulation: Emulation,
  request: CreateRequest,
  idempotencyKey: string | null,
): Promise<StoredResponse> {
  const { clock, random, options, faults, switches, compactions } = emulation;
  const { body, model, previous, continued, iterationIndex } = request;
  const { iteration, oddities } = odditiesOf(
    request.blind ?? (await iterationFor(options.script, scriptRequest(request, compactions))),
    iterationIndex,
    faults,
  );
  const createdAt = clock.now();
  const background =
    body['background'] === true && faults.take('ignore-background', iterationIndex) === undefined;
  const answersAtOnce = !background && faults.take('in-progress-foreground', iterationIndex) !== undefined;
  const { store, retention } = kept(emulation, request, background || answersAtOnce);
  const chain = previous?.chain ?? continued?.chain ?? replayedChain(emulation, body) ?? chainPrefix(random);
  const queueMs = background ? finite(iteration.queuedMs ?? discountedMs(body) ?? options.queuedMs ?? 20) : 0;
  const runMs = finite(iteration.runMs ?? options.runMs ?? 80);
  const held = background && switches.queueHeld ? { queueMs, runMs } : null;
  const startsAt = held === null ? later(createdAt, queueMs) : null;
  const itemId = (type: string): string => objectId(random, kindOf(type), chain, startsAt ?? createdAt);
  const shown = model === '' ? promptModel : (options.models?.[model] ?? model);
  const produced = outputItems(iteration, {
    itemId,
    callId: () => callId(random),
    encrypt: encrypts(body),
    oneCall: body['parallel_tool_calls'] === false,
    hasPhases: traitsOf(shown).hasPhases,
  });
  const bent = bentOutput(produced, iterationIndex, faults, itemId);
  const output = withCompaction(emulation, request, bent, itemId);
  return {
    id: objectId(random, 'resp', chain, createdAt, retention !== 'none'),
    chain,
    createdAt,
    body,
    model: shown,
    background,
    store,
    streamed: body['stream'] === true,
    retention,
    iterationIndex,
    previousId: previous?.id ?? null,
    idempotencyKey,
    input: withIds(request.input, itemId),
    output,
    outcome: outcomeOf(iteration),
    usage: iteration.usage ?? usageOf(tokensIn(JSON.stringify(body)), tokensBefore(previous), output),
    deltaSize: iteration.deltaSize ?? null,
    ...(iteration.serviceTier === undefined ? {} : { serviceTier: iteration.serviceTier }),
    oddities: answersAtOnce ? { ...oddities, answersAtOnce } : oddities,
    startsAt,
    endsAt: later(startsAt, runMs),
    held,
    cancelled: null,
    deleted: false,
  };
}
