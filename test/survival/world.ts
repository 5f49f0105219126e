import {
  createRunner,
  memoryStore,
  type Agent,
  type Run,
  type Runner,
  type RunnerOptions,
  type RunStore,
} from '@longhaul/core';
import {
  createEmulator,
  manualClock,
  type Emulator,
  type EmulatorOptions,
  type ManualClock,
} from '@longhaul/core/testing';
import { driveUntil, watched } from './drive.ts';
import { journey, type Journey } from './journey.ts';
import { mortal, type Moment, type Mortal } from './mortal.ts';

/** One process of a world: its ports, which can die, and a runner on them. */
export interface Process extends Mortal {
  readonly runner: Runner;
}

export interface BootOptions extends Partial<RunnerOptions> {
  /** Comes between the process and its store. */
  readonly wrapStore?: (store: RunStore) => RunStore;
}

/** A store, an API and time, on which any number of processes work. */
export interface World extends Pick<Journey, 'executions' | 'answer'> {
  /** The name by which each process knows its own agent. */
  readonly agent: string;
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly store: RunStore;
  /** Another process. What happens in its tools counts for the world's executions, as long as it lives. */
  boot(options?: BootOptions, observe?: (moment: Moment, process: { die(): void }) => void): Process;
  /** The requests of a kind so far: `create`, `poll`, `stream`, `cancel`. */
  sent(kind: 'create' | 'retrieve' | 'cancel'): number;
  /** Moves time until it is so. */
  until(so: () => boolean): Promise<void>;
  /** Moves time until the promise has settled; gives what it gave, throws what it threw. */
  settle<T>(promise: Promise<T>): Promise<T>;
}

export function world({
  people = false,
  agent,
  openStore = (clock) => memoryStore({ clock }),
  ...emulation
}: Partial<EmulatorOptions> & {
  readonly people?: boolean;
  /** In place of the journey's. */
  readonly agent?: Agent;
  readonly openStore?: (clock: ManualClock) => RunStore;
} = {}): World {
  const clock = manualClock(1_770_000_000_000);
  const store = openStore(clock);
  const trip = journey({ people });
  const emulator = createEmulator({
    script: trip.script,
    clock,
    queuedMs: 1_000,
    runMs: 4_000,
    ...emulation,
  });
  return {
    executions: trip.executions,
    answer: trip.answer,
    agent: agent?.name ?? trip.agent.name,
    clock,
    emulator,
    store,
    boot: ({ wrapStore = (own: RunStore): RunStore => own, ...options } = {}, observe) => {
      const life = mortal({ clock, store, fetch: emulator.fetch }, observe);
      const { client, store: own, clock: time, perform } = life;
      // Each process has tools of its own, which stop with it.
      const { agent: traveller } = journey({ people, perform, executions: trip.executions });
      const agents = [agent ?? traveller];
      const ports = { client, store: wrapStore(own), clock: time, random: () => 0.5 };
      const runner = createRunner({ ...ports, agents, ...options });
      return Object.defineProperties({ runner }, Object.getOwnPropertyDescriptors(life)) as Process;
    },
    sent: (kind) =>
      emulator.requests.filter(({ method, path }) => {
        if (method === 'GET') return kind === 'retrieve';
        return path.endsWith('/cancel') ? kind === 'cancel' : kind === 'create';
      }).length,
    until: (so) => driveUntil(clock, so),
    settle: async (promise) => {
      const seen = watched(promise);
      await driveUntil(clock, () => seen.settled);
      return promise;
    },
  };
}

/** How a run waits for people: the calls, by status. */
export function awaited(run: Run): readonly string[] {
  return run.view.toolCalls.filter(({ status }) => status.startsWith('awaiting')).map(({ callId }) => callId);
}
