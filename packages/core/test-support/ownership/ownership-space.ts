import type { OwnershipAbilities } from '../../src/ownership/ownership.ts';
import type { Move, Space } from './explore.ts';
import { KnownProcesses, type Outcome } from './known-processes.ts';
import { newProcess, type Input } from './model-process.ts';
import type { Model, WorldOptions } from './model.ts';
import { newRun } from './model-run.ts';
import { processMoves } from './process-moves.ts';
import type { Next } from './process-turn.ts';
import { queueMoves } from './queue-moves.ts';
import { claimMoves, deleteMoves, storeMoves } from './store-moves.ts';
import { adoptMoves, joinMoves, userMoves } from './user-moves.ts';
import { noBudget, put, type World } from './world.ts';
import { worldKeys } from './world-key.ts';
import { isSettled, violation } from './world-invariants.ts';

/** All worlds that a run can reach after a process has started it. `next` is the machine of each process. */
export function ownershipSpace(next: Next, options: WorldOptions): Space<World> {
  const known = new KnownProcesses(next);
  const {
    waits = 1,
    live = false,
    shared = true,
    flags = false,
    imports = false,
    slow = false,
    hints = false,
    notifies = false,
    adopts = false,
    contexts = false,
    hangs = false,
    queue = false,
    timers = 0,
  } = options;
  const abilitiesOf = (index: number): OwnershipAbilities => ({
    shared,
    asksContext: contexts && !(queue && index === 0),
    queue: !queue ? 'none' : index === 0 ? 'front' : 'worker',
  });
  const { flaws = {}, processes } = options;
  const budget = { ...noBudget, ...options.budget };

  function give(world: World, index: number, input: Input): World {
    const process = world.processes[index];
    if (!process) return world;
    const outcome = known.after(process, input);
    const { refused, hello } = outcome;
    const problem = wrongAnswer(world, outcome) ?? wrongStop(world, outcome);
    const others = world.processes.flatMap((one, at) => (one !== null && at !== index ? [at] : []));
    return {
      ...put(world, index, outcome.process),
      hellos: hello && live ? others : world.hellos,
      refused: refused.length > 0 ? [...world.refused, ...refused] : world.refused,
      problem: world.problem ?? outcome.problem ?? problem,
    };
  }

  function wrongStop({ budget: left }: World, { notFound }: Outcome): string | undefined {
    // If the claim of a start expires before the first save, the process follows, and finds no run.
    const isWrong = notFound && left.deletes === budget.deletes && left.pauses === budget.pauses;
    return isWrong ? 'O12: a process does not find a run that was not deleted' : undefined;
  }

  const model: Model = {
    processes,
    budget,
    waits,
    live,
    shared,
    flags,
    imports,
    slow,
    hints,
    notifies,
    adopts,
    contexts,
    hangs,
    queue,
    timers,
    abilitiesOf,
    flaws,
    known,
    give,
  };

  function* moves(world: World): Iterable<Move<World>> {
    yield* queue ? queueMoves(model, world) : claimMoves(world);
    yield* deleteMoves(world);
    for (const [index, process] of world.processes.entries()) {
      yield* adoptMoves(model, world, index);
      if (process === null) {
        yield* joinMoves(model, world, index);
        continue;
      }
      yield* storeMoves(model, world, index, process);
      yield* processMoves(model, world, index, process);
      yield* userMoves(model, world, index, process);
    }
  }

  const starter = known.of(newProcess(newRun(waits, 1, timers), abilitiesOf(0), 'start'));
  const empty: World = {
    saved: null,
    inbox: [],
    deleted: [],
    owner: null,
    wake: false,
    parked: 'no',
    processes: [starter, ...Array.from({ length: processes - 1 }, () => null)],
    budget,
    hellos: [],
    released: [],
    expired: [],
    posted: [],
    refused: [],
    problem: undefined,
  };
  return {
    initial: imports
      ? { ...empty, processes: Array.from({ length: processes }, () => null) }
      : give(empty, 0, { type: 'event', event: { type: 'begun' } }),
    key: worldKeys(),
    moves,
    violation: (world) => violation(model, world),
    isSettled: (world) => isSettled(model, world),
  };
}

/** A decision that is answered as accepted is part of the saved run, unless the run was deleted since. */
function wrongAnswer({ saved }: World, { accepted, process }: Outcome): string | undefined {
  if (saved?.createdAt !== process.loop.run.createdAt) return undefined;
  const wrong = accepted.find((id) => !saved.taken.includes(id));
  return wrong === undefined ? undefined : `O4: decision ${wrong} was accepted, but has no effect`;
}
