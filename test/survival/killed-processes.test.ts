import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, type Fault } from '@longhaul/core/testing';
import { serveEmulator } from '@longhaul/core/testing/node';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Execution, scriptedRun } from './scripted-run.ts';
import { deep, seed, seededRandom } from './seeded.ts';
import { slowness } from '../support/machine.ts';

const script = fileURLToPath(new URL('./survivor.ts', import.meta.url));
const scenarios = deep ? 20 : 2;
const kills = deep ? 10 : 2;
/** Each killed process raises the number of runs by this much, so that most kills interrupt some work. */
const runsPerProcess = 3;

let folder = '';
const children = new Set<ReturnType<typeof spawn>>();
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'longhaul-killed-'));
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await rm(folder, { recursive: true, force: true });
});

interface Outcome {
  readonly runId: string;
  readonly status: string;
  readonly text: string;
  readonly error?: string;
  readonly warnings: readonly string[];
}

function start(...args: (string | number)[]) {
  const child = spawn(
    process.execPath,
    [
      '--conditions=@longhaul/source',
      '--disable-warning=ExperimentalWarning',
      '--unhandled-rejections=strict',
      script,
      ...args.map(String),
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  children.add(child);
  const ended = once(child, 'close').then(([code, signal]): unknown => code ?? signal);
  const driving = Promise.withResolvers<void>();
  let outcomes: readonly Outcome[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => {
    if (line === 'driving') driving.resolve();
    if (line.startsWith('over ')) outcomes = JSON.parse(line.slice(5));
  });
  return {
    child,
    ended,
    driving: Promise.race([driving.promise, ended]),
    get outcomes() {
      return outcomes;
    },
  };
}

test.each(
  Array.from({ length: scenarios }, (_, index) => [index, index % 2 === 0 ? 'poll' : 'stream'] as const),
)(
  `runs complete after ${kills} kills, or fail with unknown_create (scenario %i, %s, seed ${seed})`,
  async (scenario, mode) => {
    const random = seededRandom(seed + scenario);
    const { script: iterations, answer } = scriptedRun({ people: true });
    const faults: Fault[] = [
      { fault: 'drop-after-event', n: 5, times: 40 },
      { fault: 'http', on: 'retrieve', status: 503, times: 40 },
      { fault: 'http', status: 429, times: 5, retryAfterMs: 1_000 },
      { fault: 'split-chunks', bytes: 100 },
    ];
    const emulator = createEmulator({ script: iterations, queuedMs: 40, runMs: 160, faults });
    await using server = await serveEmulator(emulator);
    const database = join(folder, 'runs.db');
    const executionsFile = join(folder, 'executions');
    const args = (processes: number): [string, string, string, string, number] => [
      database,
      server.url,
      executionsFile,
      mode,
      runsPerProcess * processes,
    ];

    for (let kill = 1; kill <= kills; kill += 1) {
      const victim = start(...args(kill));
      // Some processes are killed while they boot.
      if (random() < 0.8) await victim.driving;
      await sleep(random() * 900);
      victim.child.kill('SIGKILL');
      expect(['SIGKILL', 0]).toContain(await victim.ended);
    }
    const last = start(...args(kills));
    expect(await last.ended).toBe(0);

    const runs = runsPerProcess * kills;
    expect(last.outcomes).toHaveLength(runs);
    using store = sqliteStore({ path: database });
    const lines = await readFile(executionsFile, 'utf8');
    const executions = lines
      .split('\n')
      .filter((line) => line !== '')
      .map((line): Execution => JSON.parse(line));
    let lost = 0;
    for (const { runId, status, text, error, warnings } of last.outcomes) {
      const unknown = warnings.filter((code) => code === 'unknown_create').length;
      lost += unknown + (error === 'unknown_create' ? 1 : 0);
      // The answers to two creates were lost. A run without any response does not send a third create.
      if (error === 'unknown_create') expect(unknown).toBeGreaterThan(0);
      else
        expect({ runId, status, text, error }).toEqual({
          runId,
          status: 'completed',
          text: answer,
          error: undefined,
        });
      const { items = [] } = (await store.load(runId)) ?? {};
      for (const call of items) {
        if (call.type !== 'call' || call.name === 'ask_owner') continue;
        const times = executions.filter((one) => one.runId === runId && one.callId === call.callId).length;
        if (call.name === 'search') expect(times).toBeGreaterThanOrEqual(1);
        else expect(times, `${call.name} of ${runId}`).toBeLessThanOrEqual(1);
        if (call.status === 'completed') expect(times).toBeGreaterThanOrEqual(1);
        else expect(call).toMatchObject({ status: 'interrupted' });
      }
    }
    expect(emulator.generations, 'generations').toBeLessThanOrEqual(3 * runs + lost);
    const keys = new Set(executions.map(({ idempotencyKey }) => idempotencyKey));
    const calls = new Set(executions.map(({ runId, callId }) => `${runId} ${callId}`));
    expect(keys.size, 'one key per call').toBe(calls.size);
  },
);

test('two processes drive the runs of one database, and all runs complete after one is killed', async () => {
  const { script: iterations, answer } = scriptedRun({ people: true });
  const emulator = createEmulator({ script: iterations, queuedMs: 40, runMs: 160 });
  await using server = await serveEmulator(emulator);
  const database = join(folder, 'runs.db');
  const executionsFile = join(folder, 'executions');
  // The clock is slower than in other tests, because a claim of half a second may expire on a busy machine.
  const factor = Math.max(1, 8 / slowness);
  const args = [database, server.url, executionsFile, 'stream', 6, factor] as const;
  const [first, second] = [start(...args), start(...args)];
  await Promise.all([first.driving, second.driving]);
  await sleep(400);
  first.child.kill('SIGKILL');
  expect(['SIGKILL', 0]).toContain(await first.ended);
  const third = start(...args);
  expect(await Promise.all([second.ended, third.ended])).toEqual([0, 0]);
  for (const { outcomes } of [second, third]) {
    expect(outcomes).toHaveLength(6);
    for (const { status, text, error } of outcomes)
      expect([status, text, error]).toEqual(['completed', answer, undefined]);
  }
  const executions = (await readFile(executionsFile, 'utf8')).trim().split('\n');
  const notIdempotent = executions.filter((line) => !line.includes('"tool":"search"'));
  expect(new Set(notIdempotent).size).toBe(notIdempotent.length);
  const lost = second.outcomes.filter(({ warnings }) => warnings.includes('unknown_create')).length;
  expect(emulator.generations).toBeLessThanOrEqual(18 + lost);
});
