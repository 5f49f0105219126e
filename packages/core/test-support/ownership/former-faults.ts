import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import { deafTo, given, hearing } from './faulty-machine.ts';
import type { Next } from './process-turn.ts';
import type { WorldOptions } from './model.ts';

/** A machine, or a world, with one fault, and a world that shows it. */
export interface Mutant {
  readonly fault: string;
  readonly next: Next;
  readonly world: WorldOptions;
  /** The invariant that it breaks. */
  readonly breaks: string;
}

/** Faults that the driver had before `nextOwnership` existed. */
export const formerFaults: readonly Mutant[] = [
  {
    fault: 'the store deletes messages when a process receives them',
    breaks: 'O3',
    next: nextOwnership,
    world: { processes: 2, budget: { resumes: 1, decides: 1, crashes: 2 }, flaws: { receiveDeletes: true } },
  },
  {
    fault: 'a process answers a decision as soon as it has posted it',
    breaks: 'O4',
    next: (own, event) => {
      const [after, commands] = nextOwnership(own, event);
      if (event.type !== 'posted' || own.call?.ask === undefined) return [after, commands];
      const { ask } = own.call;
      const asks = after.asks.filter(({ id }) => id !== ask);
      return [{ ...after, asks }, [...commands, { type: 'answer', ask }]];
    },
    world: { processes: 2, budget: { resumes: 1, decides: 2 } },
  },
  {
    fault: 'a resting process ignores a hello',
    breaks: 'O8',
    next: deafTo(({ type }, { place }) => type === 'hello' && place === 'resting'),
    world: { processes: 2, budget: { resumes: 1, decides: 1 }, live: true },
  },
  {
    fault: 'a resume imports a run that was deleted',
    breaks: 'O14',
    next: given((own, event) => {
      const isAsked = own.claimReason === 'asked' || own.claimReason === 'manual';
      const isMissing = event.type === 'loaded' && event.run === null;
      return [isMissing && own.claimed && isAsked ? { ...own, isUnstored: true } : own, event];
    }),
    world: { processes: 2, budget: { resumes: 2, deletes: 1 } },
  },
  {
    fault: 'a process compares only the revisions of two runs with the same id',
    breaks: 'O14',
    next: hearing((event, { run }) => {
      if (event.type !== 'loaded' || event.run === null) return event;
      const { createdAt, revision, commitId } = run;
      const isSame = event.run.revision === revision;
      return { ...event, run: { ...event.run, createdAt, ...(isSame && { commitId }) } };
    }),
    world: { processes: 2, budget: { decides: 1, deletes: 1, starts: 1 } },
  },
  {
    fault: 'a resting process ignores that its run was deleted',
    breaks: 'O5, O6',
    next: hearing((event, { place, claimed, run }) =>
      event.type === 'loaded' && event.run === null && place === 'resting' && !claimed
        ? { type: 'loaded', call: event.call, run, answered: [] }
        : event,
    ),
    world: { processes: 1, budget: { deletes: 1 } },
  },
  {
    fault: 'an import stops if another process has the claim, and has not saved the run yet',
    breaks: 'O12',
    next: given((own, event) => {
      const isMissing = event.type === 'loaded' && event.run === null;
      return [isMissing && !own.claimed ? { ...own, isUnstored: false } : own, event];
    }),
    world: { processes: 2, imports: true, budget: { resumes: 2 } },
  },
];
