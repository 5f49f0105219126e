import { callIdOf } from '../engine/calls.ts';
import {
  isTerminalRun,
  type ItemView,
  type RunView,
  type SteeredInput,
  type ToolCallView,
} from '../engine/view/run-view.ts';
import { callKey, itemCallKey, withCallFields } from '../engine/view/view-keys.ts';
import type { OutputItem } from '../wire/items.ts';
import { makeInputParts } from './input-parts.ts';
import { itemParts, toolPart } from './item-parts.ts';
import { keepPart } from './keep-part.ts';
import type { InputPart, Part } from './part.ts';

/** Parts with their place: the iteration, and the output index within it. */
interface Placed {
  readonly iteration: number;
  readonly place: number;
  readonly parts: readonly Part[];
}

const ofViews = new WeakMap<RunView, readonly Part[]>();
const ofItems = new WeakMap<readonly ItemView[], readonly Part[]>();
const ofSteered = new WeakMap<SteeredInput, InputPart>();

/**
 * Returns the parts of a run for display: what the model wrote, its calls, the tools that the API executed, images, and
 * steered input, of all iterations, in the order in which they came. All parts have `key`, `iteration` and `done`:
 *
 * - `text` `{ text, phase?, annotations }`, `reasoning` `{ text }`, `refusal` `{ text }`: they grow while they stream.
 * - `tool` `{ call }`: a call of `view.toolCalls`, at the place of its item. It is done when the call is settled.
 * - `hosted_tool` `{ name, status, item, output? }`: a tool that the API executes. The images and files that it makes
 *   follow.
 * - `image` `{ url, partial }`, `file` `{ fileId?, containerId?, filename?, url? }`. The files that a text cites and that
 *   the code interpreter made follow the text.
 * - `input` `{ parts, steerId }`: input of `run.steer`, before the output of the create that contains it.
 * - `error` `{ error }`: the last part of a run that has failed or is incomplete.
 * - `other` `{ item }`: any other item.
 *
 * An unchanged part is the same object in each view of a run, and the same view gives the same array.
 *
 * @example
 * viewParts(run.view).map((part) => (part.type === 'text' ? <p key={part.key}>{part.text}</p> : null));
 */
export function viewParts<Call extends ToolCallView>(view: RunView<Call>): readonly Part<Call>[];
export function viewParts(view: RunView): readonly Part[] {
  const known = ofViews.get(view);
  if (known !== undefined) return known;
  const made = makeParts(view);
  // An event that changes no part, such as a poll, keeps the list.
  const last = ofItems.get(view.items);
  const isSame = last?.length === made.length && made.every((part, index) => part === last[index]);
  const parts = isSame ? last : made;
  ofViews.set(view, parts);
  ofItems.set(view.items, parts);
  return parts;
}

/** Whether an item answers a call. It is a part of the call. */
function isOutput({ type }: OutputItem): boolean {
  return type.endsWith('_output') || type === 'mcp_approval_response';
}

function steeredPart(entry: SteeredInput, iteration: number): InputPart {
  let part = ofSteered.get(entry);
  if (part === undefined) {
    const { steerId, input } = entry;
    const key = `steer/${steerId}`;
    const parts = makeInputParts(input, key, iteration);
    part = { type: 'input', parts, steerId, key, iteration, done: true };
    ofSteered.set(entry, part);
  }
  return part;
}

function makeParts({ items, toolCalls, steered, status, iteration, error }: RunView): readonly Part[] {
  const over = isTerminalRun(status);
  const calls = new Map(toolCalls.map((call) => [callKey(call), call]));
  const outputs = new Map<string, OutputItem>();
  const placed: Placed[] = [];
  for (const entry of items) {
    if (isOutput(entry.item) && callIdOf(withCallFields(entry)) !== undefined)
      outputs.set(itemCallKey(entry), entry.item);
  }
  for (const entry of items) {
    if (isOutput(entry.item)) continue;
    const key = itemCallKey(entry);
    const [call, output] = [calls.get(key), outputs.get(key)];
    // A server may send the same call twice. It stands where it came first.
    calls.delete(key);
    outputs.delete(key);
    const parts = itemParts({ entry, done: entry.done || over, call, output });
    placed.push({ iteration: entry.iteration, place: entry.outputIndex, parts });
  }
  for (const entry of steered) {
    if (entry.sentIn !== undefined)
      placed.push({ iteration: entry.sentIn, place: -1, parts: [steeredPart(entry, entry.sentIn)] });
  }
  // A gateway that gives all items the same index leaves only the last one in the view, but every call.
  for (const [key, call] of calls)
    placed.push({
      iteration: call.iteration,
      place: Number.MAX_VALUE,
      parts: [toolPart(call, `call/${key}`)],
    });
  const parts = placed
    .sort((a, b) => a.iteration - b.iteration || a.place - b.place)
    .flatMap((one) => one.parts);
  if (error === undefined || (status !== 'failed' && status !== 'incomplete')) return parts;
  return [...parts, keepPart(error, { type: 'error', error, key: 'error', iteration, done: true } as const)];
}
