import {
  createRunner,
  isTerminalRun,
  LonghaulError,
  memoryStore,
  StoreError,
  type Run,
  type Runner,
  type RunSnapshot,
  type RunStore,
} from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, manualClock, type Emulator, type Fault } from '@longhaul/core/testing';
import { type Execution, scriptedRun } from './scripted-run.ts';
import { crashingProcess } from './crashing-process.ts';
import { seededRandom } from './seeded.ts';

/** Long enough for claims to expire and for all iterations to end. */
const settlingSteps = 60;
const settlingStepMs = 5_000;

/** A process, and its handle of the run if it has one. */
interface Worker {
  readonly runner: Runner;
  run?: Run | undefined;
  gone: boolean;
  die(): void;
}

/** The state after the run has ended. */
export interface EndState {
  /** The log of all actions, for the message of a failed test. */
  readonly story: string;
  readonly stored: RunSnapshot | undefined;
  readonly executions: readonly Execution[];
  readonly emulator: Emulator;
  /** Whether a process requested a cancel. */
  readonly cancelled: boolean;
  /** The handles of the processes that are still alive. */
  readonly runs: readonly Run[];
  /** Rejections of runs and runners that are not errors of Longhaul. */
  readonly strange: readonly unknown[];
}

/**
 * Several processes on one store perform random actions on one run at the same time: start, resume, decide, cancel,
 * detach, close, die. The store and the network fail temporarily. Then one process answers all open calls until the run
 * ends.
 */
export async function runProcesses(seed: number): Promise<EndState> {
  const random = seededRandom(seed);
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = <const T>(values: readonly [T, ...T[]]): T => values[below(values.length)] ?? values[0];

  const clock = manualClock(1_770_000_000_000);
  const scripted = scriptedRun({ people: true });
  const faults = Array.from({ length: below(3) }, (): Fault => {
    const on = pick(['create', 'poll', 'any', 'cancel']);
    const skip = below(4);
    const any: [Fault, ...Fault[]] = [
      { fault: 'drop-after-event', n: below(8) },
      { fault: 'http', status: pick([429, 500, 503]), on, skip },
      { fault: pick(['reset', 'slow', 'refused', 'cut-body']), on, skip },
    ];
    return pick(any);
  });
  const emulator = createEmulator({ script: scripted.script, clock, queuedMs: 1_000, runMs: 4_000, faults });
  const memory = memoryStore({ clock });
  const store: RunStore = random() < 0.5 ? memory : sqliteStore({ path: ':memory:', clock });

  /** The number of store calls that may still fail. */
  let trouble = 0;
  const shaky: RunStore = new Proxy(store, {
    get(target, name, receiver) {
      const own: unknown = Reflect.get(target, name, receiver);
      if (typeof own !== 'function' || name === 'watch' || name === 'publish') return own;
      return async (...args: unknown[]): Promise<unknown> => {
        if (trouble > 0 && random() < 0.5) {
          trouble -= 1;
          throw new StoreError('unavailable', 'temporarily unavailable');
        }
        return Reflect.apply(own, target, args);
      };
    },
  });

  const mode = pick(['poll', 'stream']);
  // Tabs of one browser notify each other through the store. Processes poll it.
  const notifies = store === memory && random() < 0.5;
  const workers: Worker[] = [];
  const boot = (): Worker => {
    const simulated = crashingProcess({ clock, store: shaky, fetch: emulator.fetch });
    const { agent } = scriptedRun({
      people: true,
      executions: scripted.executions,
      perform: async (execution, effect) => {
        await simulated.perform(execution, effect);
        await clock.sleep(below(8_000));
      },
    });
    const notices: Partial<RunStore> = notifies
      ? {
          watch: (listener) => memory.watch((notice) => void (simulated.dead || listener(notice))),
          publish: (runId, message) => void (simulated.dead || memory.publish(runId, message)),
        }
      : {};
    const runner = createRunner({
      client: simulated.client,
      store: { ...simulated.store, ...notices },
      clock: simulated.clock,
      agents: [agent],
      mode,
      random,
    });
    const worker: Worker = {
      runner,
      gone: false,
      die: () => {
        worker.gone = true;
        simulated.die();
      },
    };
    workers.push(worker);
    return worker;
  };

  const story: string[] = [`seed ${seed}: ${mode}, ${store === memory ? 'memory' : 'sqlite'}`];
  const strange: unknown[] = [];
  const recordErrors = (work: Promise<unknown> | undefined): void => {
    work?.catch((error: unknown) => {
      if (!LonghaulError.isInstance(error)) strange.push(error);
    });
  };
  const decide = ({ run }: Worker): void => {
    for (const { callId, status } of run?.view.toolCalls ?? []) {
      if (status === 'awaiting_output') recordErrors(run?.submitToolOutput(callId, 'At nine.'));
      if (status !== 'awaiting_approval') continue;
      recordErrors(random() < 0.7 ? run?.approve(callId) : run?.deny(callId, 'not now'));
    }
  };

  let cancelled = false;
  const resume = (worker: Worker): void => {
    recordErrors(worker.runner.resume('booker', 'run').then((run) => void (worker.run = run)));
  };
  const actions: Readonly<Record<string, (worker: Worker) => void>> = {
    resume,
    resumeAll: (worker) => {
      recordErrors(worker.runner.resumeAll().then(([run]) => void (worker.run = run ?? worker.run)));
    },
    boot: () => void (workers.filter(({ gone }) => !gone).length < 3 && boot()),
    die: (worker) => worker.die(),
    detach: ({ run }) => recordErrors(run?.detach({ graceMs: pick([0, 1_000, 10_000]) })),
    close: (worker) => {
      recordErrors(worker.runner.close({ graceMs: pick([0, 2_000]) }));
      worker.gone = true;
    },
    decide,
    decideTwice: (worker) => {
      decide(worker);
      decide(worker);
    },
    cancel: ({ run }) => {
      if (run === undefined || random() < 0.6) return;
      cancelled = true;
      recordErrors(run.cancel('enough'));
    },
    trouble: () => {
      trouble = below(6);
    },
    wake: ({ runner }) => runner.wake(),
  };

  const first = boot();
  first.run = first.runner.start('booker', 'A trip to Paris', { runId: 'run' });
  for (let left = 4 + below(20); left > 0; left -= 1) {
    const alive = workers.filter(({ gone }) => !gone);
    const worker = alive[below(alive.length)] ?? boot();
    // The empty name performs no action.
    const name = pick(['', '', '', ...Object.keys(actions)]);
    story.push(`${clock.now()} ${workers.indexOf(worker)} ${name} (${worker.run?.view.status})`);
    actions[name]?.(worker);
    // Half of the actions happen at the same time as the next one.
    await clock.advance(random() < 0.5 ? 0 : below(9_000));
  }

  trouble = 0;
  const last = boot();
  for (let step = 0; step < settlingSteps; step += 1) {
    await clock.advance(settlingStepMs);
    const view = last.run?.view;
    if (view !== undefined && isTerminalRun(view.status)) break;
    if (view === undefined || (view.driver === 'none' && view.status !== 'requires_action')) resume(last);
    decide(last);
  }
  await clock.advance(60_000);
  return {
    story: story.join('\n'),
    stored: await store.load('run'),
    executions: scripted.executions,
    emulator,
    cancelled,
    runs: workers.flatMap(({ gone, run }) => (gone || run === undefined ? [] : [run])),
    strange,
  };
}
