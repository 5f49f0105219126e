import type { ModelRun } from './model-run.ts';
import { budgetKinds, type Budget, type World } from './world.ts';

/**
 * The key of a world: a short string of numbers, which compares faster than JSON. The processes are interchangeable:
 * two worlds that differ only in which process is which have the same key.
 */
export function worldKeys(): (world: World) => string {
  const numbers = new Map<string, number>();
  const known = new WeakMap<ModelRun, number>();

  /** @returns the same number for equal runs */
  function numberOf(run: ModelRun): number {
    const before = known.get(run);
    if (before !== undefined) return before;
    const text = JSON.stringify(run);
    const number = numbers.get(text) ?? numbers.size + 1;
    numbers.set(text, number);
    known.set(run, number);
    return number;
  }

  return (world) => {
    const { saved, inbox, deleted, owner, processes, hellos, released, expired, problem } = world;
    const queued = ['no', 'timer', 'person'].indexOf(world.parked) * 2 + (world.wake ? 1 : 0);
    const places = processes.map((process, index) => {
      if (process === null) return 0;
      const marks = (owner === index ? 1 : 0) + (hellos.includes(index) ? 2 : 0);
      return (
        (process.number + 1) * 16 +
        marks +
        (expired.includes(index) ? 4 : 0) +
        (released.includes(index) ? 8 : 0)
      );
    });
    places.sort((one, other) => one - other);
    let key = inHalves(saved === null ? 0 : numberOf(saved));
    let messages = owner === 'dead' ? 2 : 1;
    for (const { id } of inbox) messages = messages * 16 + id;
    let gone = 0;
    for (const createdAt of deleted) gone |= 1 << createdAt;
    key += inHalves(messages);
    key += inHalves(budgetNumber(world.budget));
    key += String.fromCharCode(openBits(world, world.posted), openBits(world, world.refused), gone, queued);
    for (const place of places) key += inHalves(place);
    return problem === undefined ? key : key + problem;
  };
}

function inHalves(number: number): string {
  return String.fromCharCode(number >>> 16, number & 0xffff);
}

function budgetNumber(budget: Budget): number {
  let number = 0;
  for (const kind of budgetKinds) number = number * 6 + budget[kind];
  return number;
}

/** The messages that may still have an effect, as bits: the run is not over, and does not record a refusal. */
function openBits({ saved }: World, ids: readonly number[]): number {
  let bits = 0;
  if (saved?.standing === 'over') return bits;
  for (const id of ids) if (!saved?.refused.includes(id)) bits |= 1 << id;
  return bits;
}
