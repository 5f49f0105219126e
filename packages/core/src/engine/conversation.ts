import type { WireTool } from '../wire/create-body.ts';
import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import { asInput, sinceCompaction } from './as-input.ts';
import { callOutput } from './call-output.ts';
import { callIdOf, callsOf } from './calls-of.ts';
import { declaresOutput, preparedTools } from './output-schema.ts';
import { errorJson } from './settlement.ts';
import type { StoredCall, StoredInput, StoredItem, StoredLeg } from './stored-item.ts';

function userMessage(text: string): InputItem {
  return { role: 'user', content: text };
}

function itemsOf(input: string | readonly InputItem[]): readonly InputItem[] {
  // A run that is only carried on has nothing to add.
  if (input === '') return [];
  return typeof input === 'string' ? [userMessage(input)] : input;
}

function storedInput(items: readonly StoredItem[]): StoredInput | undefined {
  return items.find((item): item is StoredInput => item.type === 'input');
}

/** What the first create sends: what was left open before, then the new input. With nothing to chain to, the history too. */
export function inputItems(items: readonly StoredItem[], withHistory: boolean): readonly InputItem[] {
  const stored = storedInput(items);
  if (stored === undefined) return [];
  const { history, lead, input } = stored;
  return [...(withHistory ? history : []), ...lead, ...itemsOf(input)];
}

/** One finished leg of a run. */
interface Leg {
  readonly leg: StoredLeg;
  readonly outputs: readonly OutputItem[];
  readonly calls: ReadonlyMap<string, StoredCall>;
  /** Tools that `prepareRequest` set for it. */
  readonly prepared: readonly unknown[];
}

/** The items of one leg. Only its final record counts: attempts that failed in passing leave none. */
function legOf(items: readonly StoredItem[], iteration: number): Leg | undefined {
  const outputs: OutputItem[] = [];
  const calls = new Map<string, StoredCall>();
  const prepared: unknown[] = [];
  let leg: StoredLeg | undefined;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    // Items stand in the order of the legs: what comes before an earlier leg's record is not looked at.
    if (item === undefined || (item.type === 'leg' && item.iteration < iteration)) break;
    if (item.type === 'leg' && item.iteration === iteration) leg = item;
    else if (item.type === 'output' && item.iteration === iteration) outputs.push(item.item);
    else if (item.type === 'call' && item.iteration === iteration) calls.set(item.callId, item);
    else if (item.type === 'request' && item.iteration === iteration)
      prepared.push(...preparedTools(item.patch.set));
  }
  return leg === undefined ? undefined : { leg, outputs: outputs.toReversed(), calls, prepared };
}

/** Exactly one output for every call of a leg, in the model's order, whatever happened to the call (I5). */
function outputsOf({ outputs, calls, prepared }: Leg, tools: readonly WireTool[]): readonly CallOutputItem[] {
  return callsOf(outputs).map((call) => {
    const known = calls.get(call.callId)?.output;
    if (known !== undefined) return known;
    const why = 'The call was not run: the run ended before.';
    const item = outputs.find((one) => callIdOf(one) === call.callId);
    const isJson = declaresOutput([...tools, ...prepared], item);
    return callOutput(call, isJson ? errorJson(why) : why, false, why);
  });
}

/** The outputs for the calls of a leg: what a chained create sends. `tools` are the agent's. */
export function callOutputs(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[] = [],
): readonly InputItem[] {
  const leg = legOf(items, iteration);
  return leg === undefined ? [] : outputsOf(leg, tools);
}

/** Everything of a run's legs that may be sent again, by leg: one pass, however many legs there are. */
function legsOf(items: readonly StoredItem[]): ReadonlyMap<number, LegItems> {
  const legs = new Map<number, LegItems>();
  for (const item of items) {
    if (item.type === 'input' || item.type === 'warning') continue;
    const known = legs.get(item.iteration);
    const leg: LegItems = known ?? {
      leg: undefined,
      outputs: [],
      calls: new Map(),
      prepared: [],
      added: undefined,
    };
    if (known === undefined) legs.set(item.iteration, leg);
    if (item.type === 'leg') leg.leg = item;
    else if (item.type === 'output') leg.outputs.push(item.item);
    else if (item.type === 'call') leg.calls.set(item.callId, item);
    else {
      leg.added ??= item.patch.append;
      leg.prepared.push(...preparedTools(item.patch.set));
    }
  }
  return legs;
}

interface LegItems {
  leg: StoredLeg | undefined;
  readonly outputs: OutputItem[];
  readonly calls: Map<string, StoredCall>;
  readonly prepared: unknown[];
  /** What `prepareRequest` added to the leg's input: it has become part of the conversation. */
  added: readonly InputItem[] | undefined;
}

/**
 * The legs before `iteration`, as input: every output item verbatim and in order, each leg followed by the outputs of its
 * calls. `compactedAt` is where the last compaction is that a response made, or -1; `responses` where each output begins.
 */
function legsAsInput(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[],
): {
  readonly input: readonly InputItem[];
  readonly compactedAt: number;
  readonly responses: readonly number[];
} {
  const legs = legsOf(items);
  const input: InputItem[] = [];
  const responses: number[] = [];
  let compactedAt = -1;
  for (let index = 0; index < iteration; index += 1) {
    const { leg, outputs = [], calls = new Map(), prepared = [], added = [] } = legs.get(index) ?? {};
    input.push(...added);
    if (leg === undefined) continue;
    responses.push(input.length);
    for (const item of outputs) {
      const kept = asInput(item, leg.stored);
      if (item.type === 'compaction') compactedAt = input.length;
      if (kept !== undefined) input.push(kept);
    }
    input.push(...outputsOf({ leg, outputs, calls, prepared }, tools));
  }
  return { input, compactedAt, responses };
}

/**
 * The whole conversation up to the create of `iteration`; where a response compacted it, from the last such compaction
 * on. One that the user gave, or that `prepareRequest` added, cuts nothing: what they give is sent as given.
 */
export function replayedInput(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[] = [],
): readonly InputItem[] {
  const given = inputItems(items, true);
  const { input, compactedAt, responses } = legsAsInput(items, iteration, tools);
  if (compactedAt < 0) return [...given, ...input];
  const after = (index: number): number => given.length + index;
  return sinceCompaction([...given, ...input], after(compactedAt), responses.map(after));
}

/** What carries a terminal run on: everything up to its last completed response, and what that response waits for. */
export function conversationOf(
  items: readonly StoredItem[],
  tools: readonly WireTool[] = [],
): {
  readonly responseId: string | null;
  readonly stored: boolean;
  readonly history: readonly InputItem[];
  readonly lead: readonly InputItem[];
} {
  let last: StoredLeg | undefined;
  for (const item of items) if (item.type === 'leg' && item.status === 'completed') last = item;
  if (last === undefined) {
    const stored = storedInput(items);
    // Nothing was ever answered: the input itself is what the continuation begins with.
    const { history = [] } = stored ?? {};
    return { responseId: null, stored: true, history, lead: inputItems(items, false) };
  }
  const leg = legOf(items, last.iteration);
  const lead = leg === undefined ? [] : outputsOf(leg, tools);
  const whole = replayedInput(items, last.iteration + 1, tools);
  return {
    responseId: last.endedAs ?? last.responseId,
    stored: last.stored,
    history: whole.slice(0, whole.length - lead.length),
    lead,
  };
}
