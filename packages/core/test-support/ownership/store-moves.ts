import type { Move } from './explore.ts';
import type { KnownProcess } from './known-processes.ts';
import type { Commit } from './model-loop.ts';
import type { Input, Operation, StoreResult } from './model-process.ts';
import type { Model } from './model.ts';
import { handBack, park } from './queue-moves.ts';
import { nameOf, put, spend, type World } from './world.ts';

/** The world after the store has performed a call, and the store's answer. */
interface Performed {
  readonly world: World;
  readonly result: StoreResult;
}

/**
 * The store performs a call of a process, and the answer arrives.
 *
 * Both are one move, unless the store is `slow`. An answer's content is fixed when the store performs the call. So an
 * event of this process before the arrival could as well have happened before the call. An event elsewhere could as
 * well have happened after the arrival. The exception is a notice of the store that arrives before an older answer.
 * With `slow`, the arrival is a separate move, which covers this case.
 */
export function* storeMoves(
  model: Model,
  world: World,
  index: number,
  process: KnownProcess,
): Iterable<Move<World>> {
  let isFirst = true;
  for (const [at, operation] of process.operations.entries()) {
    const { type } = operation;
    // A process releases its claim after its last save, and asks for the claim again after the release.
    const isOrdered = (type === 'claim' || type === 'release' || type === 'commit') && !operation.orphan;
    if (isOrdered && !isFirst) continue;
    if (isOrdered) isFirst = false;
    if (operation.result !== undefined) {
      const next = model.give(world, index, { type: 'answered', at, result: operation.result });
      yield { label: `${nameOf(index)} receives the answer to ${type}`, next, optional: false };
      continue;
    }
    const performed = perform(model, world, index, operation);
    const next = model.slow ? later(model, performed, index, at) : answer(model, performed, index, at);
    yield { label: `${nameOf(index)}: the store performs ${type}`, next, optional: false };
    if (world.budget.failures === 0 || type === 'release') continue;
    for (const isPerformed of [false, true]) {
      const failed = spend(isPerformed ? performed.world : world, 'failures');
      const label = `${nameOf(index)}: ${type} fails${isPerformed ? ', but was performed' : ''}`;
      yield {
        label,
        next: answer(model, { world: failed, result: { type: 'failed' } }, index, at),
        optional: true,
      };
    }
  }
}

function answer(model: Model, { world, result }: Performed, index: number, at: number): World {
  const input: Input = { type: 'answered', at, result };
  return model.give(world, index, input);
}

/** Leaves the answer pending. */
function later(model: Model, { world, result }: Performed, index: number, at: number): World {
  const process = world.processes[index];
  if (!process) return world;
  const operations = process.operations.map((one, place) => (place === at ? { ...one, result } : one));
  return put(world, index, model.known.of({ ...process, operations }));
}

function perform(model: Model, world: World, index: number, operation: Operation): Performed {
  const { saved, inbox, owner } = world;
  switch (operation.type) {
    case 'claim': {
      // In a queue, the job is the claim.
      const granted = owner === index || (owner === null && !model.queue) || !model.shared;
      const expired = world.expired.filter((one) => one !== index);
      return {
        world: granted ? { ...world, owner: index, expired } : world,
        result: { type: 'claim', granted },
      };
    }
    case 'release':
      // A process does not know of a claim whose answer was lost, and does not release it.
      return {
        world: owner === index && world.processes[index]?.held ? release(model, world, index) : world,
        result: { type: 'release' },
      };
    case 'load': {
      const claimed = model.queue || (owner !== null && owner !== index);
      return { world, result: { type: 'load', saved, claimed } };
    }
    case 'park':
      return park(model, world, index);
    case 'receive':
      return {
        world: model.flaws.receiveDeletes ? { ...world, inbox: [] } : world,
        result: { type: 'receive', inbox },
      };
    case 'post': {
      const { message } = operation;
      if (message === undefined) throw new Error('nothing is posted');
      const posted = [...world.posted, message.id];
      const wakes = model.queue && world.parked !== 'no' && !model.flaws.postWakesNot;
      const woken = wakes ? ({ wake: true, parked: 'no' } as const) : {};
      return { world: { ...world, ...woken, posted, inbox: [...inbox, message] }, result: { type: 'post' } };
    }
    case 'commit':
      return commit(model, world, index, operation);
  }
}

function release({ notifies, queue }: Model, world: World, index: number): World {
  if (queue) return handBack(world);
  const others = world.processes.flatMap((one, at) => (one !== null && at !== index ? [at] : []));
  return { ...world, owner: null, released: notifies ? others : world.released };
}

function commit(model: Model, world: World, index: number, { orphan }: Operation): Performed {
  const { saved, inbox, processes, budget } = world;
  const own = processes[index]?.own;
  const save = orphan ?? processes[index]?.loop.commit;
  if (!save || !own) throw new Error('nothing is saved');
  // The store compares only the revision.
  const isAccepted = save.imports && saved === null ? true : (saved?.revision ?? 0) === save.run.revision - 1;
  const wrong = isAccepted ? wrongSave(world, save) : undefined;
  if (wrong !== undefined)
    return { world: { ...world, problem: world.problem ?? wrong }, result: { type: 'commit', saved: true } };
  if (isAccepted) {
    const { received } = save;
    const kept = inbox.filter(({ id }) => model.flaws.commitKeeps || !received.includes(id));
    // The start of a run and its first job are one transaction.
    const isStart =
      model.queue && !model.flaws.startWakesNot && save.run.revision === 1 && save.run.standing !== 'over';
    const wake = isStart || world.wake;
    return {
      world: { ...world, saved: save.run, inbox: kept, wake },
      result: { type: 'commit', saved: true },
    };
  }
  // Another process may have saved a run with the id of a new run.
  const ends = ['pauses', 'deletes', 'losses'] as const;
  const hadClaim = ends.every((kind) => budget[kind] === model.budget[kind]);
  const mayBeRefused = orphan || !hadClaim || save.run.revision === 1;
  const problem = mayBeRefused ? world.problem : 'O9: a save is refused, and no claim has expired';
  return { world: { ...world, problem }, result: { type: 'commit', saved: false } };
}

function wrongSave({ saved, deleted }: World, { run }: Commit): string | undefined {
  if (saved !== null && saved.createdAt !== run.createdAt)
    return 'O14: the save of a deleted run replaces another run';
  return deleted.includes(run.createdAt) ? 'O14: a process saves a deleted run again' : undefined;
}

/**
 * A process deletes the run. The store does not know which process drives it, so users delete only runs that are over,
 * or that wait for a person and are not driven.
 */
export function* deleteMoves(world: World): Iterable<Move<World>> {
  const { saved, owner, budget, deleted } = world;
  if (budget.deletes === 0 || saved === null || saved.standing === 'open') return;
  if (saved.standing === 'awaits_person' && owner !== null) return;
  // The store deletes the claim, too.
  const expired = typeof owner === 'number' ? [...world.expired, owner] : world.expired;
  const without = { ...world, saved: null, inbox: [], owner: null, expired, posted: [], refused: [] };
  const next = spend({ ...without, deleted: [...deleted, saved.createdAt] }, 'deletes');
  yield { label: 'the run is deleted', next, optional: true };
}

/** Expiries and renewals of the claim. */
export function* claimMoves(world: World): Iterable<Move<World>> {
  const { owner, processes, budget, expired } = world;
  if (owner === 'dead')
    yield {
      label: 'the claim of a crashed process expires',
      next: { ...world, owner: null },
      optional: false,
      timed: true,
    };
  if (typeof owner === 'number' && !isKnown(processes[owner]))
    yield {
      label: 'a claim that no process knows of expires',
      next: { ...world, owner: null },
      optional: false,
      timed: true,
    };
  if (typeof owner === 'number' && budget.pauses > 0) {
    const isHeld = processes[owner]?.held || processes[owner]?.operations.some(isGrant);
    const lost = { ...world, owner: null, expired: isHeld ? [...expired, owner] : expired };
    const label = `${nameOf(owner)} is suspended for a while, and its claim expires`;
    yield { label, next: spend(lost, 'pauses'), optional: true };
  }
  for (const [index, process] of processes.entries())
    if (owner === null && process?.held) {
      const renewed = { ...world, owner: index, expired: expired.filter((one) => one !== index) };
      yield { label: `${nameOf(index)} renews its claim`, next: renewed, optional: false, timed: true };
    }
}

function isKnown(process: KnownProcess | null | undefined): boolean {
  return !process || process.held || process.operations.some(({ type }) => type === 'claim');
}

function isGrant({ result }: Operation): boolean {
  return result?.type === 'claim' && result.granted;
}
