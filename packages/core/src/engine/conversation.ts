import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import { textOf } from '../wire/text-of.ts';
import { callOutput } from './call-output.ts';
import { callsOf } from './calls-of.ts';
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

/** What is left of an output item that the API takes as input again: what a server did not keep cannot be named by id. */
function asInput(item: OutputItem, leg: StoredLeg): InputItem | undefined {
  if (leg.stored) return item;
  if (item.type === 'reasoning') return textOf(item['encrypted_content']) === undefined ? undefined : item;
  // An approval is answered by the id of its request.
  if (item.type === 'mcp_approval_request') return item;
  const { id: _unknownToTheServer, ...rest } = item;
  return rest;
}

/** One finished leg of a run. */
interface Leg {
  readonly leg: StoredLeg;
  readonly outputs: readonly OutputItem[];
  readonly calls: ReadonlyMap<string, StoredCall>;
}

/** The items of one leg. Only its final record counts: attempts that failed in passing leave none. */
function legOf(items: readonly StoredItem[], iteration: number): Leg | undefined {
  const outputs: OutputItem[] = [];
  const calls = new Map<string, StoredCall>();
  let leg: StoredLeg | undefined;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    // Items stand in the order of the legs: what comes before an earlier leg's record is not looked at.
    if (item === undefined || (item.type === 'leg' && item.iteration < iteration)) break;
    if (item.type === 'leg' && item.iteration === iteration) leg = item;
    else if (item.type === 'output' && item.iteration === iteration) outputs.unshift(item.item);
    else if (item.type === 'call' && item.iteration === iteration) calls.set(item.callId, item);
  }
  return leg === undefined ? undefined : { leg, outputs, calls };
}

/** Exactly one output for every call of a leg, in the model's order, whatever happened to the call (I5). */
function outputsOf({ outputs, calls }: Leg): readonly CallOutputItem[] {
  return callsOf(outputs).map((call) => {
    const output = 'The call was not run: the run ended before.';
    return calls.get(call.callId)?.output ?? callOutput(call, output, false, output);
  });
}

/** The outputs for the calls of a leg: what a chained create sends. */
export function callOutputs(items: readonly StoredItem[], iteration: number): readonly InputItem[] {
  const leg = legOf(items, iteration);
  return leg === undefined ? [] : outputsOf(leg);
}

/** What `prepareRequest` added to a leg's input has become part of the conversation. */
function addedBy(items: readonly StoredItem[], iteration: number): readonly InputItem[] {
  for (const item of items) {
    if (item.type === 'request' && item.iteration === iteration && item.patch.append !== undefined)
      return item.patch.append;
  }
  return [];
}

/** The legs before `iteration`, as input: every output item verbatim and in order, each followed by the outputs of its calls. */
function legsAsInput(items: readonly StoredItem[], iteration: number): InputItem[] {
  const input: InputItem[] = [];
  for (let index = 0; index < iteration; index += 1) {
    input.push(...addedBy(items, index));
    const leg = legOf(items, index);
    if (leg === undefined) continue;
    for (const item of leg.outputs) {
      const kept = asInput(item, leg.leg);
      if (kept !== undefined) input.push(kept);
    }
    input.push(...outputsOf(leg));
  }
  return input;
}

/** The whole conversation up to the create of `iteration`. */
export function replayedInput(items: readonly StoredItem[], iteration: number): readonly InputItem[] {
  return [...inputItems(items, true), ...legsAsInput(items, iteration)];
}

/** What carries a terminal run on: everything up to its last completed response, and what that response waits for. */
export function conversationOf(items: readonly StoredItem[]): {
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
  const lead = leg === undefined ? [] : outputsOf(leg);
  const whole = [...inputItems(items, true), ...legsAsInput(items, last.iteration + 1)];
  return {
    responseId: last.endedAs ?? last.responseId,
    stored: last.stored,
    history: whole.slice(0, whole.length - lead.length),
    lead,
  };
}
