import {
  createRunner,
  memoryStore,
  type Agent,
  type Run,
  type DrivingRunner,
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
import { scriptedRun, type ScriptedRun } from './scripted-run.ts';
import { crashingProcess, type Moment, type CrashingProcess } from './crashing-process.ts';

/** A simulated process that a test can crash: its client, store and clock, and a runner that uses them. */
export interface Process extends CrashingProcess {
  readonly runner: DrivingRunner;
}

export interface BootOptions extends Partial<RunnerOptions> {
  /** Wraps the store of the process. */
  readonly wrapStore?: (store: RunStore) => RunStore;
}

/** A store, an API and a clock for any number of processes. */
export interface World extends Pick<ScriptedRun, 'executions' | 'answer'> {
  /** The name of the agent. Each process has its own agent with this name. */
  readonly agent: string;
  readonly clock: ManualClock;
  readonly emulator: Emulator;
  readonly store: RunStore;
  /** Starts another process. The executions of its tools are added to `executions`. */
  boot(options?: BootOptions, observe?: (moment: Moment, process: { die(): void }) => void): Process;
  /** The number of requests of a kind so far. */
  sent(kind: 'create' | 'retrieve' | 'cancel'): number;
  /** Advances the clock until the condition holds. */
  until(condition: () => boolean): Promise<void>;
  /** Advances the clock until the promise has settled, and returns it. */
  settle<T>(promise: Promise<T>): Promise<T>;
}

export function world({
  people = false,
  agent,
  openStore = (clock) => memoryStore({ clock }),
  ...emulation
}: Partial<EmulatorOptions> & {
  readonly people?: boolean;
  /** Used instead of the agent of `scriptedRun()`. */
  readonly agent?: Agent;
  readonly openStore?: (clock: ManualClock) => RunStore;
} = {}): World {
  const clock = manualClock(1_770_000_000_000);
  const store = openStore(clock);
  const scripted = scriptedRun({ people });
  const emulator = createEmulator({
    script: scripted.script,
    clock,
    queuedMs: 1_000,
    runMs: 4_000,
    ...emulation,
  });
  return {
    executions: scripted.executions,
    answer: scripted.answer,
    agent: agent?.name ?? scripted.agent.name,
    clock,
    emulator,
    store,
    boot: ({ wrapStore = (own: RunStore): RunStore => own, ...options } = {}, observe) => {
      const simulated = crashingProcess({ clock, store, fetch: emulator.fetch }, observe);
      const { client, store: own, clock: time, perform } = simulated;
      // Each process has its own tools, which stop when it dies.
      const { agent: ownAgent } = scriptedRun({ people, perform, executions: scripted.executions });
      const agents = [agent ?? ownAgent];
      const ports = { client, store: wrapStore(own), clock: time, random: () => 0.5 };
      const runner = createRunner({ ...ports, agents, ...options });
      return Object.defineProperties({ runner }, Object.getOwnPropertyDescriptors(simulated)) as Process;
    },
    sent: (kind) =>
      emulator.requests.filter(({ method, path }) => {
        if (method === 'GET') return kind === 'retrieve';
        return path.endsWith('/cancel') ? kind === 'cancel' : kind === 'create';
      }).length,
    until: (condition) => driveUntil(clock, condition),
    settle: async (promise) => {
      const seen = watched(promise);
      await driveUntil(clock, () => seen.settled);
      return promise;
    },
  };
}

/** The ids of the calls that wait for a person. */
export function awaited(run: Run): readonly string[] {
  return run.view.toolCalls.filter(({ status }) => status.startsWith('awaiting')).map(({ callId }) => callId);
}
