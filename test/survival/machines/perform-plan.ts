import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RunView } from '@longhaul/core';
import { queueRunner } from '@longhaul/core/queue';
import { postgresStore } from '@longhaul/core/store/postgres';
import { createEmulator, type Emulator } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { Pool } from 'pg';
import type { PostgresServer } from '../../support/postgres/server.ts';
import { slowness } from '../../support/machine.ts';
import { seededRandom } from '../seeded.ts';
import { performFault } from './faults.ts';
import { MachineHost } from './machine-host.ts';
import type { MachineSettings } from './machine-protocol.ts';
import { People } from './people.ts';
import { fronts, type Plan } from './plan.ts';
import { isOver, isQuiet, readStrayJobs, type QueueRow } from './queue-rows.ts';
import { QueueWatch } from './queue-watch.ts';
import { webhookPost, webhookSecret } from './webhook-post.ts';
import { executionSchema, tripAgent, tripScript, type ToolExecution } from './trip.ts';

/** How often the test looks at the database, in milliseconds. */
const lookEveryMs = 250;
/** A plan whose runs do not change for this time, in milliseconds, without a fault, does not end. */
const stuckAfterMs = 90_000 * Math.max(1, slowness / 2);

/** The handle of a run at a front, after the run has ended. */
export interface ShownRun {
  readonly front: string;
  readonly view: unknown;
}

/** The state after the last act. */
export interface PlanEnd {
  readonly plan: Plan;
  readonly story: readonly string[];
  /** The violations that were found while the plan was performed. */
  readonly violations: readonly string[];
  readonly rows: readonly QueueRow[];
  /** The views of the runs, as the store has them. */
  readonly views: ReadonlyMap<string, RunView>;
  /** The views of the handles of the fronts, by run. */
  readonly shown: ReadonlyMap<string, readonly ShownRun[]>;
  readonly executions: readonly ToolExecution[];
  readonly emulator: Emulator;
  /** Steered inputs that were accepted. */
  readonly accepted: ReadonlySet<string>;
  readonly resumesOf: (runId: string) => number;
}

/** Performs a plan on a server: processes, faults and people, until everything has ended. */
export async function performPlan(plan: Plan, server: PostgresServer): Promise<PlanEnd> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-machines-'));
  const schema = `plan_${plan.seed}_${crypto.randomUUID().slice(0, 8)}`;
  const pool = new Pool({ connectionString: server.url, max: 4, connectionTimeoutMillis: 5_000 });
  pool.on('error', () => undefined);
  const hosts: MachineHost[] = [];
  const emulator = createEmulator({
    script: tripScript,
    queuedMs: 100,
    runMs: 200,
    ...(plan.webhooks && { webhooks: webhookPost(plan.webhooks, hosts, seededRandom(plan.seed + 2)) }),
  });
  await using api = await serveEmulator(emulator);
  const begun = performance.now();
  const story: string[] = [];
  const tell = (what: string): void => {
    story.push(`${((performance.now() - begun) / 1_000).toFixed(1).padStart(6)} s  ${what}`);
  };
  // The tables exist before the machines start, so that the test can read them.
  const store = postgresStore({ database: pool, schema });
  const reader = queueRunner({ store, agents: [tripAgent('test', () => undefined)] });
  const executions = join(folder, 'executions');
  for (const [index, offsetMs] of plan.offsets.entries()) {
    const isFront = index < fronts;
    const name = `${isFront ? 'front' : 'worker'}-${isFront ? index : index - fronts}`;
    const { mode, parkAfterMs, graceMs } = plan;
    const settings = { name, schema, executions, mode, parkAfterMs, graceMs, webhookSecret };
    const drains = plan.drains && index === plan.offsets.length - 1;
    const roles: MachineSettings['roles'] = [isFront ? 'front' : drains ? 'drainer' : 'worker'];
    const options = { settings: { ...settings, roles }, offsetMs, database: server.url, api: api.url, tell };
    hosts.push(await MachineHost.start(options));
  }
  try {
    await Promise.all(hosts.map((host) => host.process.ready()));
    tell(`all machines are ready: ${JSON.stringify({ ...plan, runs: plan.runs.length })}`);
    const people = new People(plan.runs, { hosts, random: seededRandom(plan.seed + 1), tell });
    const watch = new QueueWatch(pool, schema);
    for (const act of plan.acts.keys()) {
      const targets = { hosts, server, pool, schema, tell, losingQueue: watch.losingQueue.bind(watch) };
      await performAct(plan, act, { people, watch, targets, tell });
    }
    const rows = watch.rows;
    const views = new Map<string, RunView>();
    for (const { runId } of rows) {
      const view = await untilAnswered(() => reader.read(runId));
      if (view !== undefined) views.set(runId, view);
    }
    const shown = new Map<string, ShownRun[]>();
    for (const [runId, { status }] of views) shown.set(runId, await shownBy(hosts, runId, status));
    const crashes = hosts.flatMap((host) => host.crashes);
    const stray = (await untilAnswered(() => readStrayJobs(pool, schema))).map(
      (job) => `left over: job ${job}`,
    );
    const outputs = hosts.map((host) => `${host.name}: ${host.process.output}`);
    story.push(...outputs);
    const lines = await readFile(executions, 'utf8').catch(() => '');
    return {
      plan,
      story,
      violations: [...watch.violations, ...crashes, ...stray],
      rows,
      views,
      shown,
      executions: lines
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => executionSchema.parse(JSON.parse(line))),
      emulator,
      accepted: people.accepted,
      resumesOf: (runId) => people.resumesOf(runId),
    };
  } catch (error) {
    const outputs = hosts.map((host) => `${host.name}: ${host.process.output}`);
    throw new Error(`${String(error)}\n${[...story, ...outputs].join('\n')}`, { cause: error });
  } finally {
    await Promise.all(hosts.map((host) => host.close()));
    await reader.close();
    await store.close();
    for (const name of [schema, `${schema}_pgboss`])
      await pool.query(`DROP SCHEMA IF EXISTS "${name}" CASCADE`).catch(() => undefined);
    await pool.end();
    await rm(folder, { recursive: true, force: true });
  }
}

/** Asks a server that another plan may be restarting. */
async function untilAnswered<T>(ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await ask();
    } catch (error) {
      if (tries === 20) throw error;
    }
    await sleep(500);
  }
}

interface ActParts {
  readonly people: People;
  readonly watch: QueueWatch;
  readonly targets: Parameters<typeof performFault>[1];
  readonly tell: (what: string) => void;
}

/** Performs the faults of an act, and then waits until nothing is in flight. */
async function performAct(
  plan: Plan,
  act: number,
  { people, watch, targets, tell }: ActParts,
): Promise<void> {
  tell(`act ${act}`);
  const begun = performance.now();
  const pending = new Set<Promise<void>>();
  const faults = [...(plan.acts[act] ?? [])];
  for (;;) {
    const sinceAct = performance.now() - begun;
    while (faults[0] !== undefined && faults[0].at <= sinceAct) {
      const [fault] = faults.splice(0, 1);
      if (fault === undefined) break;
      const performing = performFault(fault, targets).finally(() => pending.delete(performing));
      pending.add(performing);
    }
    const answers = await watch.look();
    if (answers) people.act(act, sinceAct, watch.rows);
    const isCalm = faults.length === 0 && pending.size === 0;
    if (answers && isCalm && people.isIdle(act) && isPaused(watch, people, act)) break;
    if (!isCalm) watch.changedAt = performance.now();
    if (performance.now() - watch.changedAt > stuckAfterMs) {
      const left = watch.rows.filter((row) => !isQuiet(row) || people.hasPlans(row, act));
      throw new Error(`Nothing changes: ${left.map((row) => JSON.stringify(row)).join('\n')}`);
    }
    await sleep(lookEveryMs);
  }
  tell(`act ${act} is over: ${JSON.stringify(countBy(watch.rows.map(({ status }) => status)))}`);
  if (watch.hasLostRuns) watch.violations.push(`act ${act}: the sweeper has not found all runs`);
}

function isPaused({ rows }: QueueWatch, people: People, act: number): boolean {
  return rows.every((row) => isQuiet(row) && (isOver(row) || !people.hasPlans(row, act)));
}

function countBy(values: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}

/** The view that each front shows of a run, if it shows it. Waits until it has the status of the store. */
async function shownBy(hosts: readonly MachineHost[], runId: string, status: string): Promise<ShownRun[]> {
  const shown: ShownRun[] = [];
  for (const { isFront, name, process } of hosts) {
    if (!isFront) continue;
    for (let tries = 0; ; tries += 1) {
      const answer = await process.call({ type: 'view', runId });
      const view: unknown = answer.type === 'done' ? answer.value : undefined;
      const isCurrent = Object(view).status === status;
      if (view !== undefined && (isCurrent || tries > 100)) shown.push({ front: name, view });
      if (view === undefined || isCurrent || tries > 100) break;
      await sleep(lookEveryMs);
    }
  }
  return shown;
}
