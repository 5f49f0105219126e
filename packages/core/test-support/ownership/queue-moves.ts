import type { Move } from './explore.ts';
import { newProcess, type StoreResult } from './model-process.ts';
import type { Model } from './model.ts';
import { isForgotten, ownAsk } from './user-moves.ts';
import { nameOf, put, spend, type World } from './world.ts';

/** The active job of a run is completed if the run is over, or was deleted. Otherwise another worker gets it. */
export function handBack(world: World): World {
  const { saved, wake } = world;
  return { ...world, owner: null, wake: wake || (saved !== null && saved.standing !== 'over') };
}

/** One transaction: it locks the run, reads the inbox, notes what the run waits for, and completes the job (Q3). */
export function park(
  { flaws }: Model,
  world: World,
  index: number,
): { readonly world: World; readonly result: StoreResult } {
  const { owner, inbox, processes, saved } = world;
  const run = processes[index]?.loop.run;
  // A worker that has lost its job may still save once, and has then continued the run.
  const isCurrent = run?.revision === saved?.revision || flaws.parkIgnoresRevision;
  if ((owner !== index && !flaws.parkIgnoresJob) || !isCurrent)
    return { world, result: { type: 'park', result: 'lost' } };
  if (inbox.length > 0 && !flaws.parkIgnoresInbox)
    return { world, result: { type: 'park', result: 'has_messages' } };
  const parked = run?.standing === 'awaits_person' ? 'person' : 'timer';
  return {
    world: { ...world, owner: owner === index ? null : owner, parked },
    result: { type: 'park', result: 'parked' },
  };
}

/** Events of the queue: workers get jobs, jobs of dead workers expire, runs become due, and jobs are lost. */
export function* queueMoves(model: Model, world: World): Iterable<Move<World>> {
  const { owner, processes, budget, wake, parked, saved, expired } = world;
  for (const index of processes.keys()) if (index > 0) yield* fetchMoves(model, world, index);
  if (owner === 'dead')
    yield { label: 'the job of a dead worker expires', next: handBack(world), optional: false, timed: true };
  if (typeof owner === 'number') {
    const process = processes[owner];
    if (process && isForgotten(process))
      yield { label: `${nameOf(owner)} hands back its job`, next: handBack(world), optional: false };
    if (budget.pauses > 0) {
      const lost = { ...handBack(world), expired: [...expired, owner] };
      const label = `${nameOf(owner)} is suspended for a while, and its job expires`;
      yield { label, next: spend(lost, 'pauses'), optional: true };
    }
  }
  if (parked === 'timer')
    yield {
      label: 'the run is due',
      next: { ...world, wake: true, parked: 'no' },
      optional: false,
      timed: true,
    };
  if (budget.losses > 0 && (wake || owner !== null)) {
    const lost = typeof owner === 'number' ? [...expired, owner] : expired;
    const next = spend({ ...world, wake: false, owner: null, expired: lost }, 'losses');
    yield { label: 'the queue is lost', next, optional: true };
  }
  const needsSweeper =
    saved !== null && saved.standing !== 'over' && parked === 'no' && !wake && owner === null;
  if (needsSweeper)
    yield { label: 'a sweeper finds the run', next: { ...world, wake: true }, optional: false, timed: true };
}

/** A worker gets the job, and drives the run from its last save. */
function* fetchMoves(model: Model, world: World, index: number): Iterable<Move<World>> {
  const { wake, owner, saved, processes } = world;
  const process = processes[index];
  const isFree = !process || isForgotten(process);
  if (!wake || owner !== null || saved === null || !isFree) return;
  const fresh = model.known.of(newProcess(saved, model.abilitiesOf(index), 'store'));
  const loaded = put({ ...world, wake: false, owner: index }, index, fresh);
  const asked = ownAsk(loaded, index, 'resume');
  const flags = { manual: false, replaces: false, permits: false, adopts: true };
  const event = { type: 'resume', ask: asked.id, ...flags } as const;
  const next = model.give(loaded, index, { type: 'asked', ask: asked, event });
  yield { label: `${nameOf(index)} gets the job`, next, optional: false };
}
