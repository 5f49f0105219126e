import { callIdOf } from '../engine/calls.ts';
import {
  isTerminalRun,
  type ItemView,
  type RunView,
  type SteeredInput,
  type ToolCallView,
} from '../engine/view/run-view.ts';
import { callKey, withCallFields } from '../engine/view/view-keys.ts';
import type { OutputItem } from '../wire/items.ts';
import { makeInputParts } from './input-parts.ts';
import { itemParts, toolPart } from './item-parts.ts';
import { keep, memo } from './keep.ts';
import { makePart } from './make-part.ts';
import type { InputPart, Part } from './part.ts';

/** The parts of an item, and the data that they were made of. */
interface MadeParts {
  readonly done: boolean;
  readonly call: ToolCallView | undefined;
  readonly output: OutputItem | undefined;
  readonly parts: readonly Part[];
}

const ofViews = memo<readonly Part[]>();
const ofItems = new WeakMap<ItemView, MadeParts>();
const ofSteered = memo<InputPart['parts']>();

/**
 * Returns the parts of a run for display, of all iterations, in the order in which they came: texts, calls, hosted tools,
 * images, files and steered input. All parts have `key`, `iteration` and `done`:
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
 * An unchanged part is the same object in each view of a run, and the same view returns the same array.
 *
 * @example
 * viewParts(run.view).map((part) => (part.type === 'text' ? <p key={part.key}>{part.text}</p> : null));
 */
export function viewParts<Call extends ToolCallView>(view: RunView<Call>): readonly Part<Call>[];
export function viewParts(view: RunView): readonly Part[] {
  // An event that changes no part, such as a poll, keeps the list.
  return ofViews(view, () => keep(view.items, '', makeParts(view)));
}

/** Whether an item answers a call. It is a part of the call. */
function isOutput({ type }: OutputItem): boolean {
  return type.endsWith('_output') || type === 'mcp_approval_response';
}

/** The key of the call that an item makes or answers. */
function keyOf(entry: ItemView): string | undefined {
  const callId = callIdOf(withCallFields(entry));
  return callId === undefined ? undefined : callKey({ iteration: entry.iteration, callId });
}

/** The parts of an item. They are made again only if the item, its call, its output or `done` has changed. */
function partsOf(
  entry: ItemView,
  done: boolean,
  call: ToolCallView | undefined,
  output: OutputItem | undefined,
): readonly Part[] {
  let known = ofItems.get(entry);
  if (known?.done !== done || known.call !== call || known.output !== output) {
    const { iteration, outputIndex } = entry;
    const parts = call ? [toolPart(call, `${iteration}/${outputIndex}`)] : itemParts(entry, done, output);
    ofItems.set(entry, (known = { done, call, output, parts }));
  }
  return known.parts;
}

function steeredPart(entry: SteeredInput, iteration: number): InputPart {
  const { steerId, input } = entry;
  const key = `steer/${steerId}`;
  const parts = ofSteered(entry, () => makeInputParts(input, key, iteration));
  return makePart(entry, 'input', { key, iteration, done: true }, { parts, steerId });
}

/** A view that a persisted query cache may contain: views of an older version have no `steered`. */
type KeptView = Omit<RunView, 'steered'> & Partial<Pick<RunView, 'steered'>>;

function makeParts({ items, toolCalls, steered = [], status, iteration, error }: KeptView): readonly Part[] {
  const calls = new Map<string | undefined, ToolCallView>(toolCalls.map((call) => [callKey(call), call]));
  const shown = new Set<string | undefined>();
  const outputs = new Map<string | undefined, OutputItem>();
  for (const entry of items) if (isOutput(entry.item)) outputs.set(keyOf(entry), entry.item);
  // An output that does not name its call belongs to none.
  outputs.delete(undefined);
  const placed: (readonly [iteration: number, place: number, parts: readonly Part[]])[] = [];
  for (const entry of items) {
    const key = keyOf(entry);
    // A server may send the same call twice. It is shown where it came first.
    if (isOutput(entry.item) || shown.has(key)) continue;
    if (key !== undefined) shown.add(key);
    const parts = partsOf(entry, entry.done || isTerminalRun(status), calls.get(key), outputs.get(key));
    placed.push([entry.iteration, entry.outputIndex, parts]);
  }
  for (const entry of steered) {
    const { sentIn } = entry;
    if (sentIn !== undefined) placed.push([sentIn, -1, [steeredPart(entry, sentIn)]]);
  }
  // If a gateway sends all items with the same index, the view has only the last item, but every call.
  for (const [key, call] of calls)
    if (!shown.has(key)) placed.push([call.iteration, Infinity, [toolPart(call, `call/${key}`)]]);
  if (error !== undefined && (status === 'failed' || status === 'incomplete')) {
    const at = { key: 'error', iteration, done: true };
    placed.push([Infinity, 0, [makePart(error, 'error', at, { error })]]);
  }
  return placed.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]).flatMap(([, , parts]) => parts);
}
