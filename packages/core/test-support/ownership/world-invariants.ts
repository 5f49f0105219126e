import type { KnownProcess } from './known-processes.ts';
import { isIdle } from './model-loop.ts';
import { isActive, isRunning } from './model-process.ts';
import type { Model } from './model.ts';
import { left, type World } from './world.ts';

/** @returns the invariant that a world breaks, if it breaks one */
export function violation(model: Model, world: World): string | undefined {
  const { problem, processes } = world;
  if (problem !== undefined) return problem;
  for (const [index, process] of processes.entries()) {
    const wrong = process && (process.wrong ?? wrongClaim(world, index, process));
    if (wrong) return wrong;
  }
  if (world.parked !== 'no' && world.owner !== null)
    return 'Q3: a run is parked, and its job is not completed';
  if (model.queue && isLost(model, world)) return 'Q2: no job, time or person continues the run';
  return wrongMessage(world) ?? wrongResumes(model, world) ?? (model.live ? unheard(world) : undefined);
}

function wrongClaim({ owner, expired }: World, index: number, process: KnownProcess): string | undefined {
  const { own, operations, held, loop } = process;
  // Its loop has stopped, and the answer to the call that parks the run comes too late.
  if (own.queue === 'worker' && own.leaving && loop.stopped) return undefined;
  if (own.claimed && owner !== index && !expired.includes(index))
    return 'O1: a process drives by a claim that it does not have';
  const isChanging = operations.some(({ type }) => type === 'release' || type === 'claim');
  if (owner === index && held && !own.claimed && !isChanging)
    return 'O2: a process renews a claim that its machine does not know of';
  return undefined;
}

/** Whether no event continues a run that is not over, unless a sweeper finds it. */
function isLost(model: Model, { saved, inbox, owner, wake, parked, budget }: World): boolean {
  if (saved === null || saved.standing === 'over' || wake || owner !== null) return false;
  return parked === 'no' ? budget.losses === model.budget.losses : parked === 'person' && inbox.length > 0;
}

function wrongMessage({ saved, inbox, posted, refused }: World): string | undefined {
  const taken = saved?.taken ?? [];
  if (new Set(taken).size !== taken.length) return 'O3: a message took effect twice';
  for (const id of refused) if (taken.includes(id)) return `O4: decision ${id} was refused, but took effect`;
  if (saved?.standing === 'over') return undefined;
  for (const id of posted) {
    const isKept = inbox.some((one) => one.id === id) || taken.includes(id) || saved?.refused.includes(id);
    if (!isKept) return `O3: message ${id} was posted, and is lost`;
  }
  return undefined;
}

/**
 * O10: each process resumes the run at most once for each optional event. Each resume and each message results in at
 * most one save, in addition to the saves of the run's progress.
 */
function wrongResumes(model: Model, world: World): string | undefined {
  const { budget, waits } = model;
  const { epoch, revision } = world.saved ?? { epoch: 0, revision: 0 };
  // In a queue, a run is also resumed when it begins, and after each time for which it was parked.
  const wakes = model.queue ? 1 + model.timers : 0;
  const mostResumes = (wakes + left(budget) - left(world.budget)) * world.processes.length;
  if (epoch > mostResumes) return 'O10: processes resume the run again and again';
  if (revision > 2 * mostResumes + waits + 2) return 'O10: processes save the run again and again';
  return undefined;
}

/** O8: the driver of a run knows that a process follows it, or a hello is pending. */
function unheard({ processes, hellos }: World): string | undefined {
  for (const [index, driver] of processes.entries()) {
    if (driver === null || !isRunning(driver) || driver.own.listened || hellos.includes(index)) continue;
    const { own } = driver;
    const isUnheard = processes.some(
      (one) => one?.own.place === 'following' && one.own.shown && one.own.run.epoch === own.run.epoch,
    );
    if (isUnheard && !isResuming(driver))
      return 'O8: a follower does not receive the events that the driver does not save';
  }
  return undefined;
}

/** Whether the loop has not saved its resume yet. */
function isResuming({ loop }: KnownProcess): boolean {
  const isQueued = loop.queue.some((event) => 'type' in event && event.type === 'resume');
  return isQueued || (loop.commit !== null && loop.commit.run.epoch > loop.run.epoch);
}

/** Whether a process waits for a person with the run, or only shows that it waits. */
function isAtRest({ place, mayDrive, elsewhere }: KnownProcess['own']): boolean {
  return place === 'resting' || (place === 'following' && !mayDrive && !elsewhere);
}

/**
 * Whether nothing is left to do: each process that has loaded the run has stopped, or the run waits for a person. The
 * run may also wait for a context that the runner does not provide.
 */
export function isSettled(model: Model, world: World): boolean {
  const { hangs, queue } = model;
  const { saved, inbox, owner, processes, parked, wake } = world;
  const isHeldUp = hangs && processes.some((one) => one?.own.context === 'asked');
  if (queue && saved !== null && saved.standing !== 'over' && (wake || owner !== null || parked !== 'person'))
    return false;
  for (const process of processes) {
    if (process === null) continue;
    const { own, asks, loop, operations } = process;
    if (asks.some(({ kind }) => kind !== 'resume' || !isHeldUp)) return false;
    if (!isActive(process)) continue;
    const isParked = own.place === 'following' && parked === 'person';
    const rests = queue ? isParked : own.shared ? isAtRest(own) && owner === null : own.place === 'driving';
    const isQuiet = isIdle(loop) && operations.length === 0 && inbox.length === 0;
    if (isHeldUp && isQuiet) continue;
    if (!rests || !isQuiet || saved?.standing !== 'awaits_person') return false;
  }
  return true;
}
