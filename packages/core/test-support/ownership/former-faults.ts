import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import { deafTo } from './faulty-machine.ts';
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

/** Faults that the driver had before the machine. */
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
];
