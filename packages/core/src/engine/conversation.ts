import type { WireTool } from '../wire/create-body.ts';
import type { CallOutputItem, InputItem, OutputItem } from '../wire/items.ts';
import { asInput, sinceCompaction } from './replay-items.ts';
import { callOutput, errorJson } from './call-output.ts';
import { callIdOf, callsOf } from './calls.ts';
import { messageItems } from './message-items.ts';
import { declaresOutput, preparedTools } from './output-schema.ts';
import { steeredItems } from './steered-items.ts';
import type { StoredCall, StoredHistory, StoredInput, StoredItem, StoredIteration } from './stored-item.ts';

/** The conversation before the run's own items, if the run has saved it. */
export function savedHistory(items: readonly StoredItem[]): readonly InputItem[] {
  const saved = items.find((item): item is StoredHistory => item.type === 'history');
  return saved?.items ?? storedInput(items)?.history ?? [];
}

function storedInput(items: readonly StoredItem[]): StoredInput | undefined {
  return items.find((item): item is StoredInput => item.type === 'input');
}

/**
 * The items before the first response of the run: those that precede the new input (`StoredInput.lead`), and the new
 * input. Without a previous response to chain to, the history comes first.
 */
export function inputItems(items: readonly StoredItem[], withHistory: boolean): readonly InputItem[] {
  const stored = storedInput(items);
  if (stored === undefined) return [];
  const { lead, input } = stored;
  return [...(withHistory ? savedHistory(items) : []), ...lead, ...messageItems(input)];
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

const neverRan = 'The call was not run, because the run ended first.';
// A model that reads that the call was not run would repeat it, for example a refund.
const endedWhileRunning = 'The run ended while the call was running. The outcome of the call is unknown.';

/**
 * Returns exactly one output for every call of an iteration, in the model's order, even for calls that never ran (I5).
 */
function outputsOf(
  { outputs, calls, prepared }: FinishedIteration,
  tools: readonly WireTool[],
): readonly CallOutputItem[] {
  return callsOf(outputs).map((call) => {
    const settled = calls.get(call.callId);
    if (settled?.output !== undefined) return settled.output;
    const reason = settled?.startedAt === undefined ? neverRan : endedWhileRunning;
    const item = outputs.find((one) => callIdOf(one) === call.callId);
    const isJson = declaresOutput([...tools, ...prepared], item);
    return callOutput(call, isJson ? errorJson(reason) : reason, false, reason);
  });
}

/** The outputs for the calls of an iteration. `tools` are the tools of the agent. */
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
    if (!('iteration' in item) || item.type === 'steer_sent') continue;
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
 * The iterations before `iteration` as input. Each has the items that were added to its create, its output items in the
 * form of `asInput`, and the outputs of its calls. `compactedAt` is the index of the last compaction by a response, or -1.
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
  const steered = steeredItems(items);
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
    input.push(...(steered.get(index) ?? []), ...added);
    if (record === undefined) continue;
    responses.push(input.length);
    for (const item of outputs) {
      const kept = asInput(item, record.stored);
      if (item.type === 'compaction') compactedAt = input.length;
      if (kept !== undefined) input.push(kept);
    }
    input.push(...outputsOf({ record, outputs, calls, prepared }, tools));
  }
  input.push(...(steered.get(iteration) ?? []));
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
