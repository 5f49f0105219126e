import type { RunFacts } from '../../src/ownership/ownership.ts';

/** A message of a user as the loop and the inbox have it. */
export interface Message {
  readonly kind: 'decide' | 'cancel';
  /** The id of the user's request. The run records the outcome of the message by this id. */
  readonly id: number;
  /** A decision is for one wait of the run. `waits` equals the run's `waits` during that wait. */
  readonly waits: number;
  /** The `createdAt` of the run for which the message was created. */
  readonly createdAt: number;
}

/** The model of a run's state: its progress, and the outcomes of its messages. */
export interface ModelRun extends Omit<RunFacts, 'commitId'> {
  /** How many times the run will still wait for a person. */
  readonly waits: number;
  /** How many times the run will still wait for a time that is far away. Absent if it never does. */
  readonly timers?: number;
  /** Ids of the messages that took effect. */
  readonly taken: readonly number[];
  /** Ids of the decisions that had no effect, because they came too late. */
  readonly refused: readonly number[];
}

/** The input of a loop. `progress`: the server has answered, or a tool has settled. */
export type LoopEvent =
  | { readonly type: 'begin' | 'resume' | 'progress' }
  /** `stored`: the message came from the inbox. The save of its effect deletes it there. */
  | (Message & { readonly stored: boolean });

/** A run that waits for a person `waits` times before it is over. */
export function newRun(waits: number, createdAt = 1, timers = 0): ModelRun {
  const run = { createdAt, revision: 0, epoch: 0, standing: 'open', waits, taken: [], refused: [] } as const;
  return timers === 0 ? run : { ...run, timers };
}

/** A run that has waited for the time. */
function afterTimer({ timers = 0, ...run }: ModelRun): ModelRun {
  return timers > 1 ? { ...run, timers: timers - 1 } : run;
}

/** `createdAt` and `revision` identify a save, because the store accepts one save per revision of a run. */
export function factsOf({ createdAt, revision, epoch, standing }: ModelRun): RunFacts {
  return { createdAt, revision, commitId: `${createdAt}.${revision}`, epoch, standing };
}

/** Whether the run records the outcome of a message. */
export function records({ taken, refused }: ModelRun, id: number): boolean {
  return taken.includes(id) || refused.includes(id);
}

/** Whether the driver would apply the message. The driver does not know for which run the message was created. */
export function fits({ standing, waits }: ModelRun, message: Pick<Message, 'kind' | 'waits'>): boolean {
  return message.kind === 'cancel' || (standing === 'awaits_person' && message.waits === waits);
}

/** Returns the state after an event, before its save: the same run if the event has no effect, or the run is over. */
export function step(run: ModelRun, event: LoopEvent): ModelRun {
  if (run.standing === 'over') return run;
  const saved = { ...run, revision: run.revision + 1 };
  if ('id' in event) {
    const { id, kind } = event;
    if (event.createdAt !== run.createdAt)
      throw new Error('O14: a message for a deleted run reaches another run');
    // The save deletes the message.
    if (records(run, id)) return saved;
    if (!fits(run, event)) return { ...saved, refused: [...run.refused, id] };
    return { ...saved, taken: [...run.taken, id], standing: kind === 'cancel' ? 'over' : 'open' };
  }
  switch (event.type) {
    case 'begin':
      return saved;
    case 'resume':
      return { ...afterTimer(saved), epoch: run.epoch + 1 };
    case 'progress':
      if (run.standing === 'awaits_person') return run;
      // A poll that has found no change is not saved.
      if (run.standing === 'awaits_timer') return { ...afterTimer(run), standing: 'open' };
      if ((run.timers ?? 0) > 0) return { ...run, standing: 'awaits_timer' };
      return run.waits > 0
        ? { ...saved, standing: 'awaits_person', waits: run.waits - 1 }
        : { ...saved, standing: 'over' };
  }
}
