import { setTimeout as sleep } from 'node:timers/promises';
import type { MachineHost } from './machine-host.ts';
import type { Answer } from './machine-process.ts';
import type { Command, Decision } from './machine-protocol.ts';
import { decidedCalls, type PlannedRun } from './plan.ts';
import { isOver, type QueueRow } from './queue-rows.ts';
import { inputOf, steerTextOf } from './trip.ts';

/** After this time without an answer, people ask another front, in milliseconds. */
const patienceMs = 4_000;

/** Whether another attempt would get the same error. A start that was answered late conflicts with itself. */
function isFinal(type: Command['type'], code: string): boolean {
  return type === 'start' ? code === 'conflict' : code === 'run_over' || code === 'decision';
}

export interface PeopleOptions {
  readonly hosts: readonly MachineHost[];
  readonly random: () => number;
  readonly tell: (what: string) => void;
}

/** The actions of the person of one run. */
interface Progress {
  readonly planned: PlannedRun;
  startedAt: number | undefined;
  readonly steered: Set<string>;
  readonly decided: Set<number>;
  cancelled: boolean;
  resumes: number;
  resuming: boolean;
}

/** The people who start runs, decide, cancel and steer, each through any front that answers. */
export class People {
  readonly #options: PeopleOptions;
  readonly #runs: readonly Progress[];
  readonly #asking = new Set<Promise<void>>();
  /** Steered inputs that a front has accepted. */
  readonly accepted = new Set<string>();

  constructor(runs: readonly PlannedRun[], options: PeopleOptions) {
    this.#options = options;
    this.#runs = runs.map((planned) => ({
      planned,
      startedAt: undefined,
      steered: new Set(),
      decided: new Set(),
      cancelled: false,
      resumes: 0,
      resuming: false,
    }));
  }

  resumesOf(runId: string): number {
    return this.#runs.find(({ planned }) => planned.runId === runId)?.resumes ?? 0;
  }

  /** Does what is due. `sinceAct`: milliseconds since the act has begun. `rows`: the runs as the database has them. */
  act(act: number, sinceAct: number, rows: readonly QueueRow[]): void {
    const byId = new Map(rows.map((row) => [row.runId, row]));
    for (const run of this.#runs) {
      const { planned } = run;
      if (planned.act > act) continue;
      const row = byId.get(planned.runId);
      if (run.startedAt === undefined) {
        if (planned.act < act || planned.startAt <= sinceAct) this.#start(run);
      } else if (row !== undefined && !isOver(row)) this.#continue(run, row, act);
    }
  }

  /** Whether all runs of this act have been started, and no person waits for an answer. */
  isIdle(act: number): boolean {
    const started = this.#runs.every(
      ({ planned, startedAt }) => planned.act > act || startedAt !== undefined,
    );
    return started && this.#asking.size === 0;
  }

  /** Whether people will do something about this run in this act. */
  hasPlans({ runId, status, iteration, halted }: QueueRow, act: number): boolean {
    const run = this.#runs.find(({ planned }) => planned.runId === runId);
    if (run === undefined) return false;
    const decides =
      status === 'requires_action' && run.planned.decidedInAct <= act && !run.decided.has(iteration);
    const cancels = run.planned.cancelAfterMs !== undefined && !run.cancelled;
    return decides || cancels || halted !== null;
  }

  #start(run: Progress): void {
    run.startedAt = performance.now();
    const { runId, trip } = run.planned;
    this.#ask(`starts ${runId}`, () => ({ type: 'start', runId, input: inputOf(trip) }));
    // The other fronts watch some runs from the beginning.
    if (this.#options.random() < 0.5) this.#ask(`watches ${runId}`, () => ({ type: 'watch', runId }));
  }

  #continue(run: Progress, row: QueueRow, act: number): void {
    const { planned, startedAt = 0 } = run;
    const { runId, verdict } = planned;
    const sinceStart = performance.now() - startedAt;
    for (const { steerId, afterMs } of planned.steers) {
      if (afterMs > sinceStart || run.steered.has(steerId)) continue;
      run.steered.add(steerId);
      const text = steerTextOf(steerId);
      this.#ask(
        `steers ${steerId}`,
        () => ({ type: 'steer', runId, steerId, text }),
        () => {
          this.accepted.add(steerId);
        },
      );
    }
    if (planned.cancelAfterMs !== undefined && planned.cancelAfterMs <= sinceStart && !run.cancelled) {
      run.cancelled = true;
      this.#ask(`cancels ${runId}`, () => ({ type: 'cancel', runId }));
    }
    if (row.status === 'requires_action' && planned.decidedInAct <= act && !run.decided.has(row.iteration)) {
      run.decided.add(row.iteration);
      for (const approves of verdict === 'contested' ? [true, false] : [verdict === 'approve']) {
        const decisions = decisionsOf(run.planned, row.iteration, approves);
        const by = approves ? 'Ada' : 'Bob';
        this.#ask(`${by} decides about ${runId}`, () => ({ type: 'decide', runId, by, decisions }));
      }
    }
    if (row.halted === 'unknown_create' && !run.resuming) {
      run.resumes += 1;
      run.resuming = true;
      this.#ask(
        `resumes ${runId}`,
        () => ({ type: 'resume', runId }),
        () => {
          run.resuming = false;
        },
      );
    }
  }

  /** Asks one front after another, until one has answered. An earlier request may still take effect. */
  #ask(what: string, command: () => Command, done: () => void = () => undefined): void {
    const asking = this.#askUntilAnswered(what, command, done).finally(() => this.#asking.delete(asking));
    this.#asking.add(asking);
  }

  async #askUntilAnswered(what: string, command: () => Command, done: () => void): Promise<void> {
    const { hosts, random, tell } = this.#options;
    const fronts = hosts.filter(({ isFront }) => isFront);
    for (let turn = Math.floor(random() * fronts.length); ; turn += 1) {
      const front = fronts[turn % fronts.length];
      if (front === undefined) return;
      const asked = command();
      const answer = await Promise.race([
        front.process.call(asked),
        sleep(patienceMs).then((): Answer => ({ type: 'failed', code: 'silent', message: '' })),
      ]);
      if (answer.type === 'done') return done();
      if (answer.type === 'failed' && answer.code !== 'silent')
        tell(`${what} at ${front.name}: ${answer.code} ${answer.message}`);
      if (answer.type === 'failed' && isFinal(asked.type, answer.code)) return;
      await sleep(200);
    }
  }
}

function decisionsOf({ trip }: PlannedRun, iteration: number, approves: boolean): Decision[] {
  return decidedCalls(trip, iteration).map(({ callId, name }): Decision => {
    if (name === 'ask_owner') return { type: 'output', callId, output: 'At nine.' };
    return approves ? { type: 'approve', callId } : { type: 'deny', callId, reason: 'Too expensive.' };
  });
}
