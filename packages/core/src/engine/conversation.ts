import type { WireTool } from '../wire/create-body.ts';
import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import { asInput, sinceCompaction } from './replay-items.ts';
import { callOutput, errorJson } from './call-output.ts';
import { callIdOf, callsOf } from './calls.ts';
import { declaresOutput, preparedTools } from './output-schema.ts';
import type { StoredCall, StoredInput, StoredItem, StoredIteration } from './stored-item.ts';
import type { Continuation } from './engine-event.ts';
import type { RunState } from './run-state.ts';

function userMessage(text: string): InputItem {
  return { role: 'user', content: text };
}

function itemsOf(input: string | readonly InputItem[]): readonly InputItem[] {
  // A run that only continues an earlier one may have no input.
  if (input === '') return [];
  return typeof input === 'string' ? [userMessage(input)] : input;
}

function storedInput(items: readonly StoredItem[]): StoredInput | undefined {
  return items.find((item): item is StoredInput => item.type === 'input');
}

/**
 * The input of the first create: the items that precede the new input (`StoredInput.lead`), then the new input. Without
 * a previous response to chain to, the history comes first.
 */
export function inputItems(items: readonly StoredItem[], withHistory: boolean): readonly InputItem[] {
  const stored = storedInput(items);
  if (stored === undefined) return [];
  const { history, lead, input } = stored;
  return [...(withHistory ? history : []), ...lead, ...itemsOf(input)];
}

/** One finished iteration of a run. */
interface FinishedIteration {
  readonly record: StoredIteration;
  readonly outputs: readonly OutputItem[];
  readonly calls: ReadonlyMap<string, StoredCall>;
  /** The tools that `prepareRequest` set for the iteration. */
  readonly prepared: readonly unknown[];
}

/** The items of one finished iteration. Undefined if the iteration has no record yet. */
function iterationOf(items: readonly StoredItem[], iteration: number): FinishedIteration | undefined {
  const outputs: OutputItem[] = [];
  const calls = new Map<string, StoredCall>();
  const prepared: unknown[] = [];
  let record: StoredIteration | undefined;
  for (let index = items.length - 1; index >= 0; index -= 1) {
    const item = items[index];
    // Items have the order of the iterations, so the search ends at the record of an earlier iteration.
    if (item === undefined || (item.type === 'iteration' && item.iteration < iteration)) break;
    if (item.type === 'iteration' && item.iteration === iteration) record = item;
    else if (item.type === 'output' && item.iteration === iteration) outputs.push(item.item);
    else if (item.type === 'call' && item.iteration === iteration) calls.set(item.callId, item);
    else if (item.type === 'request' && item.iteration === iteration)
      prepared.push(...preparedTools(item.patch.set));
  }
  return record === undefined ? undefined : { record, outputs: outputs.toReversed(), calls, prepared };
}

/**
 * Returns exactly one output for every call of an iteration, in the model's order, even for calls that never ran (I5).
 */
function outputsOf(
  { outputs, calls, prepared }: FinishedIteration,
  tools: readonly WireTool[],
): readonly CallOutputItem[] {
  return callsOf(outputs).map((call) => {
    const known = calls.get(call.callId)?.output;
    if (known !== undefined) return known;
    const reason = 'The call was not run, because the run ended first.';
    const item = outputs.find((one) => callIdOf(one) === call.callId);
    const isJson = declaresOutput([...tools, ...prepared], item);
    return callOutput(call, isJson ? errorJson(reason) : reason, false, reason);
  });
}

/** The outputs for the calls of an iteration, which a chained create sends. `tools` are the tools of the agent. */
export function callOutputs(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[] = [],
): readonly InputItem[] {
  const finished = iterationOf(items, iteration);
  return finished === undefined ? [] : outputsOf(finished, tools);
}

/** The items of a run that may be sent again, by iteration. The items are read once for all iterations. */
function iterationsOf(items: readonly StoredItem[]): ReadonlyMap<number, IterationItems> {
  const iterations = new Map<number, IterationItems>();
  for (const item of items) {
    if (item.type === 'input' || item.type === 'warning') continue;
    const known = iterations.get(item.iteration);
    const found: IterationItems = known ?? {
      record: undefined,
      outputs: [],
      calls: new Map(),
      prepared: [],
      added: undefined,
    };
    if (known === undefined) iterations.set(item.iteration, found);
    if (item.type === 'iteration') found.record = item;
    else if (item.type === 'output') found.outputs.push(item.item);
    else if (item.type === 'call') found.calls.set(item.callId, item);
    else {
      found.added ??= item.patch.append;
      found.prepared.push(...preparedTools(item.patch.set));
    }
  }
  return iterations;
}

interface IterationItems {
  record: StoredIteration | undefined;
  readonly outputs: OutputItem[];
  readonly calls: Map<string, StoredCall>;
  readonly prepared: unknown[];
  /** The items that `prepareRequest` added to the iteration's input. They are part of the conversation. */
  added: readonly InputItem[] | undefined;
}

/**
 * The iterations before `iteration` as input: the output items in order, in the form of `asInput`, and after each
 * iteration the outputs of its calls. `compactedAt` is the index of the last compaction by a response, or -1.
 * `responses` are the indices of the first items of the responses.
 */
function iterationsAsInput(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[],
): {
  readonly input: readonly InputItem[];
  readonly compactedAt: number;
  readonly responses: readonly number[];
} {
  const iterations = iterationsOf(items);
  const input: InputItem[] = [];
  const responses: number[] = [];
  let compactedAt = -1;
  for (let index = 0; index < iteration; index += 1) {
    const {
      record,
      outputs = [],
      calls = new Map(),
      prepared = [],
      added = [],
    } = iterations.get(index) ?? {};
    input.push(...added);
    if (record === undefined) continue;
    responses.push(input.length);
    for (const item of outputs) {
      const kept = asInput(item, record.stored);
      if (item.type === 'compaction') compactedAt = input.length;
      if (kept !== undefined) input.push(kept);
    }
    input.push(...outputsOf({ record, outputs, calls, prepared }, tools));
  }
  return { input, compactedAt, responses };
}

/**
 * The whole conversation up to the create of `iteration`. If a response has compacted the conversation,
 * `sinceCompaction` removes the earlier items that no kept item needs. A compaction item in the user's input, or added
 * by `prepareRequest`, removes nothing.
 */
export function replayedInput(
  items: readonly StoredItem[],
  iteration: number,
  tools: readonly WireTool[] = [],
): readonly InputItem[] {
  const given = inputItems(items, true);
  const { input, compactedAt, responses } = iterationsAsInput(items, iteration, tools);
  if (compactedAt < 0) return [...given, ...input];
  const after = (index: number): number => given.length + index;
  return sinceCompaction([...given, ...input], after(compactedAt), responses.map(after));
}

/** The conversation of a terminal run up to its last completed response, and the outputs that this response needs. */
export function conversationOf(
  items: readonly StoredItem[],
  tools: readonly WireTool[] = [],
): {
  readonly responseId: string | null;
  readonly stored: boolean;
  readonly history: readonly InputItem[];
  readonly lead: readonly InputItem[];
} {
  let last: StoredIteration | undefined;
  for (const item of items) if (item.type === 'iteration' && item.status === 'completed') last = item;
  if (last === undefined) {
    const stored = storedInput(items);
    // No response has completed, so the continuation starts with the input.
    const { history = [] } = stored ?? {};
    return { responseId: null, stored: true, history, lead: inputItems(items, false) };
  }
  const finished = iterationOf(items, last.iteration);
  const lead = finished === undefined ? [] : outputsOf(finished, tools);
  const whole = replayedInput(items, last.iteration + 1, tools);
  return {
    responseId: last.endedAs ?? last.responseId,
    stored: last.stored,
    history: whole.slice(0, whole.length - lead.length),
    lead,
  };
}

/**
 * The data for a new run that continues a terminal run: from its last completed response, or from its start if no
 * response completed. `tools` are the tools of the new run.
 */
export function continuationOf(
  state: RunState,
  items: readonly StoredItem[],
  tools: readonly WireTool[],
): Continuation {
  const { responseId, stored, history, lead } = conversationOf(items, tools);
  return {
    history,
    lead,
    previousResponseId: responseId ?? state.previousResponseId,
    stored: stored && state.stored !== false ? null : false,
  };
}
