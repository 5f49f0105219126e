import type { Move } from './explore.ts';
import type { KnownProcess } from './known-processes.ts';
import { isActive, newProcess, type ModelAsk } from './model-process.ts';
import { newRun, type ModelRun } from './model-run.ts';
import type { Model } from './model.ts';
import { nameOf, put, spend, type World } from './world.ts';

interface Flags {
  readonly manual: boolean;
  readonly replaces: boolean;
  readonly permits: boolean;
}

const plainly: Flags = { manual: true, replaces: false, permits: false };
const everyFlag: readonly Flags[] = [plainly, { ...plainly, replaces: true }, { ...plainly, permits: true }];

/** Requests of a process's user. */
export function* userMoves(
  model: Model,
  world: World,
  index: number,
  process: KnownProcess,
): Iterable<Move<World>> {
  const { own, loop } = process;
  const { budget } = world;
  const name = nameOf(index);
  if (model.budget.deletes > 0 && isForgotten(process)) yield* start(model, world, index);
  if (loop.run.standing === 'over') return;
  // A worker has no users.
  if (own.queue !== 'worker') yield* requests(model, world, index, process);
  if (budget.detaches > 0 && isActive(process) && !own.leaving) {
    const next = model.give(spend(world, 'detaches'), index, { type: 'event', event: { type: 'detach' } });
    yield { label: `${name}: the user detaches`, next, optional: true };
  }
}

function* requests(
  model: Model,
  world: World,
  index: number,
  { loop, own }: KnownProcess,
): Iterable<Move<World>> {
  const { budget } = world;
  const name = nameOf(index);
  if (budget.decides > 0 && loop.run.standing === 'awaits_person')
    yield ask(model, world, index, 'decide', `${name}: the user decides`);
  if (budget.cancels > 0) yield ask(model, world, index, 'cancel', `${name}: the user cancels`);
  if (budget.resumes > 0 && own.queue === 'none') yield* resume(model, world, index);
  if (budget.follows > 0) yield follow(model, world, index);
}

/** A process that does not have the run loads and resumes it, or starts a run with the same id. */
export function* joinMoves(model: Model, world: World, index: number): Iterable<Move<World>> {
  const { saved, budget } = world;
  if (model.queue && index > 0) return;
  const run = saved ?? (model.imports ? snapshot(model) : null);
  if (run !== null) {
    const process = newProcess(run, model.abilitiesOf(index), saved === null ? 'snapshot' : 'store');
    const loaded = put(world, index, model.known.of(process));
    if (budget.resumes > 0 && !model.queue) yield* resume(model, loaded, index);
    if (budget.follows > 0 && saved !== null) yield follow(model, loaded, index);
  }
  yield* start(model, world, index);
}

/** The snapshot of a run that is not in the store. */
function snapshot({ waits }: Model): ModelRun {
  return { ...newRun(waits), revision: 1 };
}

/** Whether the process no longer uses its handle of the run, so that its user may start another run. */
export function isForgotten({ own, asks, operations, held }: KnownProcess): boolean {
  return !isActive({ own }) && asks.length === 0 && operations.length === 0 && !held;
}

function* start(model: Model, world: World, index: number): Iterable<Move<World>> {
  const left = world.budget.starts;
  if (left === 0) return;
  const run = newRun(model.waits, 2 + model.budget.starts - left);
  const process = model.known.of(newProcess(run, model.abilitiesOf(index), 'start'));
  const started = put(spend(world, 'starts'), index, process);
  const next = model.give(started, index, { type: 'event', event: { type: 'begun' } });
  yield { label: `${nameOf(index)} starts a run of the same id`, next, optional: true };
}

/** A request that no other process receives. Its id may be used again. */
export function ownAsk({ processes }: World, index: number, kind: 'resume' | 'follow'): ModelAsk {
  const taken = new Set(processes[index]?.asks.map((one) => one.id));
  let id = 100;
  while (taken.has(id)) id += 1;
  return { id, kind, waits: 0, createdAt: processes[index]?.loop.run.createdAt ?? 0 };
}

function follow(model: Model, world: World, index: number): Move<World> {
  const asked = ownAsk(world, index, 'follow');
  const event = { type: 'follow', ask: asked.id } as const;
  const next = model.give(spend(world, 'follows'), index, { type: 'asked', ask: asked, event });
  return { label: `${nameOf(index)}: the user follows the run`, next, optional: true };
}

/** A runner looks for runs that no process drives, and resumes this run, unless it does so already. */
export function* adoptMoves(model: Model, world: World, index: number): Iterable<Move<World>> {
  const { saved, inbox, owner, processes } = world;
  const process = processes[index];
  const isTaken =
    process?.own.mayDrive === true || process?.asks.some(({ kind }) => kind === 'resume') === true;
  const needsProcess =
    saved?.standing === 'open' || (saved?.standing === 'awaits_person' && inbox.length > 0);
  if (!model.adopts || isTaken || !needsProcess || owner !== null) return;
  const loaded = process
    ? world
    : put(world, index, model.known.of(newProcess(saved, model.abilitiesOf(index), 'store')));
  const asked = ownAsk(loaded, index, 'resume');
  const flags = { manual: false, replaces: false, permits: false, adopts: true };
  const event = { type: 'resume', ask: asked.id, ...flags } as const;
  const next = model.give(loaded, index, { type: 'asked', ask: asked, event });
  yield { label: `${nameOf(index)} adopts the run`, next, optional: false, timed: true };
}

function* resume(model: Model, world: World, index: number): Iterable<Move<World>> {
  const asked = ownAsk(world, index, 'resume');
  for (const flags of model.flags ? everyFlag : [plainly]) {
    const next = model.give(spend(world, 'resumes'), index, {
      type: 'asked',
      ask: asked,
      event: { type: 'resume', ask: asked.id, ...flags, adopts: false },
    });
    const how = `${flags.replaces ? ' with another agent' : ''}${flags.permits ? ' and permits a create' : ''}`;
    yield { label: `${nameOf(index)}: the user resumes the run${how}`, next, optional: true };
  }
}

function ask(
  model: Model,
  world: World,
  index: number,
  kind: 'decide' | 'cancel',
  label: string,
): Move<World> {
  // The remaining budget is a different number for each request.
  const id = kind === 'decide' ? world.budget.decides : 8 + world.budget.cancels;
  const { waits, createdAt } = world.processes[index]?.loop.run ?? newRun(0);
  const asked: ModelAsk = { id, kind, waits, createdAt };
  const to = spend(world, kind === 'decide' ? 'decides' : 'cancels');
  const next = model.give(to, index, { type: 'asked', ask: asked, event: { type: kind, ask: id } });
  return { label: `${label} (${id})`, next, optional: true };
}
