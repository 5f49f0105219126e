import type { RunState } from '../../src/engine/run-state.ts';
import type { StoredItem } from '../../src/engine/stored-item.ts';
import type { RunView } from '../../src/engine/view/run-view.ts';
import type { CreateBody } from '../../src/wire/create-body.ts';
import type { InputItem } from '../../src/wire/items.ts';
import { Broken } from './invariants.ts';

/** The text of a steered input in these tests. */
export function steerText(steerId: string): string {
  return `Steer ${steerId}.`;
}

/** The positions of a text in a request's input. */
function placesOf(input: readonly InputItem[], text: string): number[] {
  return input.flatMap((item, index) => (item['content'] === text ? [index] : []));
}

/**
 * I12: a steered input is in the creates of one iteration, after the outputs. A chained create of another iteration does
 * not have it, and a replay of a later iteration has it once, at its place.
 */
export function mustSteer(
  { input }: CreateBody,
  { iteration, strategy }: RunState,
  items: readonly StoredItem[],
  steered: ReadonlySet<string>,
): void {
  const sent = new Map<string, number>();
  for (const item of items) {
    if (item.type !== 'steer_sent') continue;
    for (const steerId of item.steerIds) {
      if (sent.has(steerId)) throw new Broken('I12', `${steerId} was sent in two iterations`);
      sent.set(steerId, item.iteration);
    }
  }
  for (const steerId of steered) {
    const sentIn = sent.get(steerId);
    // Input that arrives after the iteration has begun waits for the next one. A retry sends the same request.
    const savedAt = items.findIndex((item) => item.type === 'steer' && item.steerId === steerId);
    const begunAt = items.findLastIndex((item) => 'iteration' in item && item.iteration < iteration);
    if (sentIn === undefined && savedAt < begunAt)
      throw new Broken('I12', `the create of iteration ${iteration} was sent without ${steerId}`);
    const places = placesOf(input, steerText(steerId));
    const isIn = sentIn !== undefined && (sentIn === iteration || strategy === 'replay');
    const expected = isIn ? 1 : 0;
    if (places.length !== expected)
      throw new Broken('I12', `${steerId} is in a create ${places.length} times`);
    const outputAt = input.findLastIndex((item) => item.type?.endsWith('_output') === true);
    if (sentIn === iteration && (places[0] ?? 0) < outputAt)
      throw new Broken('I12', `${steerId} is before an output`);
  }
}

/** I12: a saved input is shown until the end of the run, as sent or not, even after a crash. */
export function mustKeepSteered({ steered: shown }: RunView, steered: ReadonlySet<string>): void {
  const ids = shown.map(({ steerId }) => steerId);
  if (ids.length !== steered.size || ids.some((steerId) => !steered.has(steerId)))
    throw new Broken('I12', `${[...steered].join()} was saved, ${ids.join()} is shown`);
}

/** A replay sends the whole conversation before the run, once. A chained create sends nothing of it. */
export function mustSendHistory(
  { input }: CreateBody,
  { strategy }: RunState,
  history: readonly InputItem[],
): void {
  const expected = strategy === 'replay' ? 1 : 0;
  for (const [index, item] of history.entries()) {
    const found = input.filter((one) => JSON.stringify(one) === JSON.stringify(item)).length;
    if (found !== expected)
      throw new Broken('I5', `item ${index} of the history is in a create ${found} times`);
  }
}
