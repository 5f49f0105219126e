import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import { deafTo, given, without } from './faulty-machine.ts';
import type { Mutant } from './former-faults.ts';
import type { Flaws, WorldOptions } from './model.ts';

const queued = (budget: WorldOptions['budget'], flaws: Flaws = {}): WorldOptions => ({
  processes: 3,
  queue: true,
  timers: 1,
  budget,
  flaws,
});

/** Faults of workers, of fronts and of their store. Each breaks an invariant of the runs of a queue. */
export const queueMutants: readonly Mutant[] = [
  {
    fault: 'a worker ignores that another worker may have its job',
    breaks: 'O1',
    next: deafTo(({ type }, { queue }) => type === 'claim_lost' && queue === 'worker'),
    world: queued({ pauses: 1 }),
  },
  {
    fault: 'the first save of a run and its wake are two transactions',
    breaks: 'Q2',
    next: nextOwnership,
    world: queued({}, { startWakesNot: true }),
  },
  {
    fault: 'a message for a parked run sends no wake',
    breaks: 'Q2',
    next: nextOwnership,
    world: queued({ decides: 1 }, { postWakesNot: true }),
  },
  {
    fault: 'a run is parked without a look into its inbox',
    breaks: 'Q2',
    next: nextOwnership,
    world: queued({ decides: 1 }, { parkIgnoresInbox: true }),
  },
  {
    fault: 'a worker that is closed does not hand back its job',
    breaks: 'O2',
    next: without(({ type }, { queue }) => type === 'release' && queue === 'worker'),
    world: queued({ detaches: 1 }),
  },
  {
    fault: 'a run is parked by a worker that no longer has its job',
    breaks: 'Q3',
    next: nextOwnership,
    world: queued({ pauses: 1 }, { parkIgnoresJob: true }),
  },
  {
    fault: 'a run is parked although another worker has saved it since',
    breaks: 'O5, O6',
    next: nextOwnership,
    world: queued({ pauses: 1, decides: 1 }, { parkIgnoresRevision: true }),
  },
  {
    fault: 'a front requests the claim of the run that it starts',
    breaks: 'O13',
    next: given((own, event) => [own.queue === 'front' ? { ...own, queue: 'none' } : own, event]),
    world: queued({}),
  },
];
