import type { Move } from './explore.ts';
import type { KnownProcess } from './known-processes.ts';
import { isIdle } from './model-loop.ts';
import { isActive, isRunning } from './model-process.ts';
import { factsOf } from './model-run.ts';
import type { Model } from './model.ts';
import { nameOf, put, spend, type World } from './world.ts';

const nothing = { revision: undefined, commitId: undefined };

/** Events of a process that do not come from its user, and are not answers of the store. */
export function* processMoves(
  model: Model,
  world: World,
  index: number,
  process: KnownProcess,
): Iterable<Move<World>> {
  const { own, loop } = process;
  const name = nameOf(index);
  const move = (label: string, next: World): Move<World> => ({ label, next, optional: false });
  const timed = (label: string, next: World): Move<World> => ({ ...move(label, next), timed: true });

  if (own.call?.type === 'drain')
    yield move(`${name}: the loop is drained`, model.give(world, index, { type: 'drained' }));
  if (own.context === 'asked') {
    const answered = model.hangs ? spend(world, 'contexts') : world;
    if (!model.hangs || world.budget.contexts > 0)
      yield move(`${name} gets the context`, model.give(answered, index, { type: 'provided' }));
    if (world.budget.failures > 0) {
      const next = model.give(spend(world, 'failures'), index, { type: 'unprovided' });
      yield { ...move(`${name} does not get the context`, next), optional: true };
    }
  }
  if (own.call?.type === 'pause') {
    yield timed(`${name}: a pause ends`, model.give(world, index, { type: 'paused', late: false }));
    yield timed(`${name}: the last pause ends`, model.give(world, index, { type: 'paused', late: true }));
  }

  // A timer that is far away does not fire while the run is parked.
  const proceeds = loop.run.standing === 'open' || loop.run.standing === 'awaits_timer';
  const works = isRunning(process) && !own.leaving && proceeds;
  if (works && isIdle(loop) && loop.run.revision > 0)
    yield move(`${name}: the run proceeds`, model.give(world, index, { type: 'progress' }));
  if (works && loop.commit === null && world.budget.halts > 0)
    yield {
      ...move(`${name}: the loop halts`, model.give(spend(world, 'halts'), index, { type: 'halted' })),
      optional: true,
    };

  if (isActive(process) && own.place !== 'starting') {
    const { saved, owner, inbox } = world;
    const { revision, commitId } = saved === null ? nothing : factsOf(saved);
    const look = { revision, commitId, claimed: owner !== null || model.queue, posted: inbox.length > 0 };
    const event = model.hints
      ? ({ type: 'hint', hint: 'asked' } as const)
      : ({ type: 'looked', ...look } as const);
    const next = model.give(world, index, { type: 'event', event });
    if (next.processes[index] !== process) yield timed(`${name} looks at the store`, next);
  }
  if (world.hellos.includes(index)) {
    const received = { ...world, hellos: world.hellos.filter((one) => one !== index) };
    yield move(
      `${name} receives a hello`,
      model.give(received, index, { type: 'event', event: { type: 'hello' } }),
    );
  }
  if (world.released.includes(index)) {
    const notified = { ...world, released: world.released.filter((one) => one !== index) };
    const event = { type: 'hint', hint: 'released' } as const;
    yield move(`${name} is notified of a release`, model.give(notified, index, { type: 'event', event }));
  }
  if (process.held && world.owner !== index) {
    const known = { ...world, expired: world.expired.filter((one) => one !== index) };
    yield timed(
      `${name} learns that its claim is lost`,
      model.give(known, index, { type: 'event', event: { type: 'claim_lost' } }),
    );
  }
  if (world.budget.crashes > 0)
    yield { ...move(`${name} crashes`, crash(spend(world, 'crashes'), index)), optional: true };
}

function crash(world: World, index: number): World {
  const others = (indexes: readonly number[]): number[] => indexes.filter((one) => one !== index);
  return {
    ...put(world, index, null),
    owner: world.owner === index ? 'dead' : world.owner,
    hellos: others(world.hellos),
    released: others(world.released),
    expired: others(world.expired),
  };
}
