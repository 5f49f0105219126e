import { seededRandom } from '../seeded.ts';
import type { Cut } from './cut-proxy.ts';
import { callIdOf, type ToolName, type Trip, type TripIteration } from './trip.ts';

/** The decision of people about a run that waits for them. `contested`: two fronts decide differently at the same time. */
export type Verdict = 'approve' | 'deny' | 'contested';

/** A message that people add to a run. */
export interface PlannedSteer {
  readonly steerId: string;
  /** Milliseconds after the start of the run. */
  readonly afterMs: number;
}

/** A run, and what people do with it. */
export interface PlannedRun {
  readonly runId: string;
  readonly act: number;
  /** Milliseconds after the beginning of the act. */
  readonly startAt: number;
  readonly trip: Trip;
  readonly verdict: Verdict;
  /** The act in which people decide. Until then, the run waits. */
  readonly decidedInAct: number;
  /** Milliseconds after the start of the run, if people cancel it. Such a run cannot end before. */
  readonly cancelAfterMs: number | undefined;
  readonly steers: readonly PlannedSteer[];
}

/** The shares of the webhooks that are lost, and that come twice, and how late they come at most. */
export interface PlannedWebhooks {
  readonly lost: number;
  readonly twice: number;
  readonly lateMs: number;
}

/** The faults, and the machine that each is for. Times are in milliseconds. */
export type PlannedFault = { readonly at: number } & (
  | { readonly type: 'kill'; readonly machine: number; readonly downMs: number }
  | { readonly type: 'stop'; readonly machine: number; readonly forMs: number }
  | {
      readonly type: 'cut_database' | 'cut_api';
      readonly machine: number;
      readonly how: Cut;
      readonly forMs: number;
    }
  | { readonly type: 'deploy'; readonly machine: number }
  | { readonly type: 'restart_postgres'; readonly downMs: number }
  | { readonly type: 'lose_queue' }
);
export type FaultType = PlannedFault['type'];

export interface Plan {
  readonly seed: number;
  readonly mode: 'auto' | 'poll' | 'stream';
  readonly parkAfterMs: number;
  readonly graceMs: number;
  /** Undefined: the API sends none. */
  readonly webhooks: PlannedWebhooks | undefined;
  /** Whether the last machine works only now and then, as a function that cron calls. */
  readonly drains: boolean;
  /** The difference of each machine's wall clock, in milliseconds. The first two machines are fronts. */
  readonly offsets: readonly number[];
  readonly runs: readonly PlannedRun[];
  /** The faults of each act. Between two acts there is a pause, in which everything is checked. */
  readonly acts: readonly (readonly PlannedFault[])[];
}

export const fronts = 2;
const hourMs = 3_600_000;

export interface PlanOptions {
  readonly acts?: number;
  readonly runs?: number;
  /** The faults of each act. @default random ones */
  readonly faults?: readonly (readonly FaultType[])[];
  /** The time in which runs are started, in each act, in milliseconds. */
  readonly startsWithinMs?: number;
  /** The time in which faults begin, in each act, in milliseconds. */
  readonly faultsWithinMs?: number;
  /** The longest time for which a machine is suspended or without its network, in milliseconds. */
  readonly longestMs?: number;
}

const faultTypes: readonly FaultType[] = [
  ...(['kill', 'kill', 'kill', 'stop', 'deploy', 'deploy', 'lose_queue'] as const),
  ...(['cut_database', 'cut_database', 'cut_api', 'restart_postgres'] as const),
];

/** The plan of a seed. The same seed and options give the same plan. */
export function planOf(seed: number, options: PlanOptions = {}): Plan {
  const { acts = 2, runs = 40, faults, longestMs = 30_000 } = options;
  const { startsWithinMs = 8_000, faultsWithinMs = 14_000 } = options;
  const random = seededRandom(seed);
  const between = (from: number, to: number): number => Math.floor(from + random() * (to - from));
  const pick = <T>(values: readonly [T, ...T[]]): T => values[between(0, values.length)] ?? values[0];
  const chance = (share: number): boolean => random() < share;

  const workers = pick([2, 2, 3]);
  const machines = fronts + workers;
  const offsets = Array.from({ length: machines }, () => pick([0, 0, hourMs, -hourMs]) + between(-500, 500));

  const call = (name: ToolName) => ({ name, ms: pick([0, 50, 300, 1_500, 3_000]) });
  function iteration(index: number, needsPerson: boolean): TripIteration {
    const names = new Set<ToolName>(needsPerson ? [pick(['book', 'ask_owner'])] : []);
    if (needsPerson && chance(0.3)) names.add('book').add('ask_owner');
    if (!needsPerson || chance(0.3)) names.add(pick(['search', 'reserve']));
    if (chance(0.3)) names.add('search').add('reserve');
    return { runMs: pick([50, 400, 1_500, index === 0 ? 4_000 : 9_000]), calls: [...names].map(call) };
  }

  function run(index: number): PlannedRun {
    const act = index % acts;
    const cancelAfterMs = chance(0.15) ? between(100, 8_000) : undefined;
    const iterations = pick([1, 2, 2, 3]);
    const trip = Array.from({ length: iterations }, (_, at) => iteration(at, chance(0.35)));
    // A run that people cancel waits for the model much longer than the plan takes.
    if (cancelAfterMs !== undefined) trip.push({ runMs: 600_000, calls: [] });
    const steers = Array.from({ length: chance(0.3) ? between(1, 3) : 0 }, (_, at) => ({
      steerId: `r${index}s${at}`,
      afterMs: between(0, 6_000),
    }));
    return {
      runId: `run-${seed}-${index}`,
      act,
      startAt: between(0, startsWithinMs),
      trip,
      verdict: pick(['approve', 'approve', 'deny', 'contested']),
      decidedInAct: between(act, acts),
      cancelAfterMs,
      steers,
    };
  }

  function fault(type: FaultType): PlannedFault {
    const at = between(500, faultsWithinMs);
    const machine = chance(0.75) ? between(fronts, machines) : between(0, fronts);
    const forMs = Math.min(longestMs, pick([2_000, 12_000, 14_000, 30_000]));
    switch (type) {
      case 'kill':
        return { at, type, machine, downMs: pick([0, 0, 5_000]) };
      case 'stop':
        return { at, type, machine, forMs: Math.min(longestMs, pick([3_000, 14_000, 25_000])) };
      case 'cut_database':
      case 'cut_api':
        return {
          at,
          type,
          machine: type === 'cut_api' ? between(fronts, machines) : machine,
          how: pick(['hold', 'reset']),
          forMs,
        };
      case 'deploy':
        return { at, type, machine };
      case 'restart_postgres':
        return { at, type, downMs: between(0, 3_000) };
      case 'lose_queue':
        return { at, type };
    }
  }

  const actFaults = Array.from({ length: acts }, (_, act) => {
    const types = faults?.[act] ?? Array.from({ length: between(2, 6) }, () => pick(['kill', ...faultTypes]));
    return types.map(fault).toSorted((a, b) => a.at - b.at);
  });
  return {
    seed,
    mode: pick(['auto', 'poll', 'stream']),
    parkAfterMs: pick([300, 1_000, 5_000]),
    graceMs: pick([0, 1_000, 10_000]),
    webhooks: pick([undefined, { lost: pick([0, 0.3]), twice: pick([0, 0.3]), lateMs: pick([0, 2_000]) }]),
    drains: workers > 2 && chance(0.5),
    offsets,
    runs: Array.from({ length: runs }, (_, index) => run(index)),
    acts: actFaults,
  };
}

/** The calls of a trip that people decide about, by iteration. */
export function decidedCalls(trip: Trip, iteration: number): readonly { callId: string; name: ToolName }[] {
  const calls = trip[iteration]?.calls ?? [];
  return calls
    .filter(({ name }) => name === 'book' || name === 'ask_owner')
    .map(({ name }) => ({ callId: callIdOf(iteration, name), name }));
}
