import { nextOwnership } from '../../src/ownership/next-ownership.ts';
import type { OwnershipEvent } from '../../src/ownership/ownership-event.ts';
import type { Ownership } from '../../src/ownership/ownership.ts';
import { answering, deafTo, given, hearing, without } from './faulty-machine.ts';
import type { Mutant } from './former-faults.ts';
import type { WorldOptions } from './model.ts';

const isLate = (event: OwnershipEvent, { call }: Ownership): boolean =>
  'call' in event && event.call !== call?.id;

function keepingSent(own: Ownership, before: Ownership): Ownership {
  const isInLoop = (id: number): boolean =>
    before.asks.some((ask) => ask.id === id && ask.sent === 'to_loop');
  return {
    ...own,
    asks: own.asks.map((ask) => (isInLoop(ask.id) ? { ...ask, sent: 'to_loop' as const } : ask)),
  };
}

const twoProcesses = (budget: WorldOptions['budget'], rest: Partial<WorldOptions> = {}): WorldOptions => ({
  processes: 2,
  budget,
  ...rest,
});

/** Faults of the machine, and one of the store. Each breaks an invariant. */
export const mutants: readonly Mutant[] = [
  {
    fault: 'a process that only shows the run requests a claim that it finds free',
    breaks: 'O10',
    next: given((own, event) => [
      event.type === 'looked' && !event.claimed && !own.mayDrive ? { ...own, claimReason: 'free' } : own,
      event,
    ]),
    world: twoProcesses({ follows: 1, crashes: 1 }, { adopts: true }),
  },
  {
    fault: 'a process does not notice that the run that it shows has lost its driver',
    breaks: 'O11',
    next: without(({ type }, { mayDrive }) => type === 'show_driver' && !mayDrive),
    world: twoProcesses({ follows: 1, crashes: 1 }),
  },
  {
    fault: 'a loop that has waited for a person continues with the former context',
    breaks: 'O15',
    next: given((own, event) => [
      own.place === 'resting' && event.type === 'loaded' ? { ...own, context: 'given' } : own,
      event,
    ]),
    world: twoProcesses({ decides: 1 }, { contexts: true }),
  },
  {
    fault: 'without claims, a loop that has waited for a person continues with the former context',
    breaks: 'O15',
    next: given((own, event) => [event.type === 'decide' ? { ...own, context: 'given' } : own, event]),
    world: { processes: 1, shared: false, contexts: true, budget: { decides: 1 } },
  },
  {
    fault: 'a cancel in the inbox waits for a context that is not provided',
    breaks: 'O5, O6',
    next: hearing((event) => (event.type === 'received' ? { ...event, cancels: false } : event)),
    world: twoProcesses(
      { follows: 1, cancels: 1, crashes: 1, contexts: 1 },
      { adopts: true, contexts: true, hangs: true },
    ),
  },
  {
    fault: 'the machine keeps a claim that it no longer waits for',
    breaks: 'O2',
    next: without(({ type }, _, event, before) => type === 'release' && isLate(event, before)),
    world: twoProcesses({ resumes: 1, detaches: 1 }),
  },
  {
    fault: 'the machine keeps a late claim if its next request for the claim fails',
    breaks: 'O2',
    next: without(({ type }, _, event) => type === 'release' && event.type === 'failed'),
    world: twoProcesses({ resumes: 2, detaches: 1, failures: 1 }),
  },
  {
    fault: 'a resting process does not look into the inbox',
    breaks: 'O5, O6',
    next: hearing((event, { place }) =>
      event.type === 'received' && place === 'resting' ? { ...event, count: 0 } : event,
    ),
    world: twoProcesses({ resumes: 1, decides: 1 }),
  },
  {
    fault: 'a process that finds the claim free rests before it reads the inbox',
    breaks: 'O13',
    next: hearing((event, { claimReason }) =>
      event.type === 'received' && claimReason === 'check_inbox' ? { ...event, count: 0 } : event,
    ),
    world: twoProcesses({ resumes: 1, decides: 1 }, { notifies: true }),
  },
  {
    fault: 'a follower never asks for the claim',
    breaks: 'O5, O6',
    next: hearing((event, { place }) =>
      event.type === 'looked' && place === 'following' ? { ...event, claimed: true } : event,
    ),
    world: twoProcesses({ resumes: 1, crashes: 1 }),
  },
  {
    fault: 'a process that rests keeps its claim',
    breaks: 'O2',
    next: without(({ type }, { place }) => type === 'release' && place === 'resting'),
    world: twoProcesses({ resumes: 1 }),
  },
  {
    fault: 'a detached process keeps its claim',
    breaks: 'O2',
    next: without(({ type }, { place }) => type === 'release' && place === 'stopped'),
    world: twoProcesses({ resumes: 1, detaches: 1 }),
  },
  {
    fault: 'a resting process that finds a newer run drives it without the claim',
    breaks: 'O1',
    next: given((own, event) => {
      const isNewer = event.type === 'loaded' && event.run !== null && event.run.revision > own.run.revision;
      return [isNewer && own.place === 'resting' ? { ...own, claimed: true } : own, event];
    }),
    world: twoProcesses({ resumes: 1, decides: 1 }),
  },
  {
    fault: 'a process drives the state that it knows, without loading the run',
    breaks: 'O9',
    next: answering('load', ({ claimed, run }, call) =>
      claimed ? { type: 'loaded', call, run, answered: [] } : undefined,
    ),
    world: twoProcesses({ resumes: 1, decides: 1 }),
  },
  {
    fault: 'a loop that rested continues although the store has a newer run',
    breaks: 'O9',
    next: hearing((event, { place, claimed, run }) =>
      event.type === 'loaded' && event.run !== null && place === 'resting' && claimed
        ? { ...event, run: { ...event.run, commitId: run.commitId } }
        : event,
    ),
    world: twoProcesses({ resumes: 1, decides: 2 }, { waits: 2 }),
  },
  {
    fault: 'a process ignores the loss of its claim',
    breaks: 'O1',
    next: deafTo(({ type }) => type === 'claim_lost'),
    world: twoProcesses({ resumes: 1, pauses: 1 }),
  },
  {
    fault: 'the loop continues after the claim was lost',
    breaks: 'O1',
    next: without(({ type }) => type === 'stop_loop'),
    world: twoProcesses({ resumes: 1, pauses: 1, detaches: 1 }),
  },
  {
    fault: 'after the loss of the claim, no process sends the requests of the old loop again',
    breaks: 'O5',
    next: (own, event) => {
      const [after, commands] = nextOwnership(own, event);
      return [event.type === 'claim_lost' ? keepingSent(after, own) : after, commands];
    },
    world: twoProcesses({ resumes: 1, pauses: 1, decides: 1 }),
  },
  {
    fault: 'each process in turn resumes a run that waits for a person',
    breaks: 'O10',
    next: given((own, event) => {
      if (event.type !== 'loaded' || event.run === null || event.run.standing !== 'awaits_person')
        return [own, event];
      if (own.claimReason === 'free') return [{ ...own, claimReason: 'message' }, event];
      const isNewer = own.place === 'resting' && !own.claimed && event.run.revision > own.run.revision;
      const { call, answered } = event;
      const run = { ...event.run, standing: 'open' as const };
      return [own, isNewer ? { type: 'loaded', call, run, answered } : event];
    }),
    world: twoProcesses({ resumes: 1 }),
  },
  {
    fault: 'a process answers its user before the save',
    breaks: 'O4',
    next: answering('flush', ({ run }, call) => ({ type: 'flushed', call, run, answered: [] })),
    world: twoProcesses({ resumes: 1, decides: 1 }),
  },
  {
    fault: 'a follower does not answer a resume',
    breaks: 'O5, O6',
    next: without(({ type }, { place }) => type === 'answer' && place === 'following'),
    world: twoProcesses({ resumes: 1 }),
  },
  {
    fault: 'a follower does not say hello to a new driver',
    breaks: 'O8',
    next: without(({ type }, _after, _event, { shown }) => type === 'hello' && shown),
    world: { processes: 3, budget: { resumes: 2, crashes: 1 }, live: true },
  },
  {
    fault: 'a driver that loses its claim still publishes its events',
    breaks: 'O8',
    next: without(({ type }) => type === 'follow'),
    world: twoProcesses({ resumes: 2, pauses: 1 }, { live: true }),
  },
  {
    fault: 'a process does not notice that its loop has stopped',
    breaks: 'O5, O6',
    next: deafTo(({ type }) => type === 'halted'),
    world: twoProcesses({ resumes: 1, halts: 1 }),
  },
  {
    fault: 'detach waits for the pending call',
    breaks: 'O7',
    next: (own, event) =>
      event.type === 'detach' && own.call !== null && own.place === 'following'
        ? [own, []]
        : nextOwnership(own, event),
    world: twoProcesses({ resumes: 1, detaches: 1 }),
  },
  {
    fault: 'a process that rests still shows itself as the driver',
    breaks: 'O11',
    next: without(({ type }) => type === 'show_driver'),
    world: twoProcesses({ resumes: 1, decides: 1 }),
  },
  {
    fault: 'a follower that is refused the claim stops',
    breaks: 'O12',
    next: (own, event) => {
      const isRefused = event.type === 'claim_answered' && !event.granted && own.place === 'following';
      const [after, commands] = nextOwnership(own, event);
      if (!isRefused) return [after, commands];
      return [{ ...after, place: 'stopped', call: null }, [{ type: 'stop', why: 'conflict' }]];
    },
    world: twoProcesses({ resumes: 1 }),
  },
  {
    fault: 'a save does not delete its messages from the inbox',
    breaks: 'O10',
    next: nextOwnership,
    world: twoProcesses({ resumes: 1, decides: 1 }, { flaws: { commitKeeps: true } }),
  },
];
