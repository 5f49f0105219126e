import { createRunner, DecisionError, LonghaulError, type Run, type RunStore } from '@longhaul/core';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { expect } from 'vitest';
import { driveUntil, watched } from './drive.ts';
import type { Continuation, Mode } from './trial.ts';
import { executed, scriptedRun, type Perform } from './scripted-run.ts';
import { crashingProcess, type Moment, type CrashingProcess } from './crashing-process.ts';

export interface CrashSetup {
  readonly mode: Mode;
  readonly continuation: Continuation;
  /** Whether the server supports idempotency keys of creates. @default false, as for OpenAI */
  readonly idempotencyKeys?: boolean;
  readonly openStore: (clock: {
    now(): number;
    sleep(ms: number, signal?: AbortSignal): Promise<void>;
  }) => RunStore & { close?(): void };
}

/** Waits for a decision, and ignores a `DecisionError`: a process that died may have saved the same decision. */
async function takenOnce(decision: Promise<void>): Promise<void> {
  try {
    await decision;
  } catch (error) {
    if (!DecisionError.isInstance(error)) throw error;
  }
}

/** Returns a function that answers the calls of `run` that wait for a person, each once. */
function person(run: Run): () => void {
  const answered = new Set<string>();
  return () => {
    for (const { callId, status } of run.view.toolCalls) {
      if (answered.has(callId)) continue;
      if (status === 'awaiting_approval') {
        answered.add(callId);
        void takenOnce(run.approve(callId));
      } else if (status === 'awaiting_output') {
        answered.add(callId);
        void takenOnce(run.submitToolOutput(callId, 'At nine.'));
      }
    }
  };
}

/**
 * Performs the scripted run with people in consecutive processes. All except the last die, at the moments in `deaths`.
 * Checks that the run ends as without crashes, or fails after two lost creates of the first iteration.
 *
 * @returns the points at which the first process can die
 */
export async function crash(setup: CrashSetup, deaths: readonly Moment[]): Promise<readonly string[]> {
  const clock = manualClock(1_770_000_000_000);
  const store = setup.openStore(clock);
  let process: CrashingProcess | undefined;
  const perform: Perform = (execution, effect) =>
    process === undefined
      ? Promise.reject(new Error('No process is alive.'))
      : process.perform(execution, effect);
  const { agent, script, executions, answer } = scriptedRun({ people: true, perform });
  const { idempotencyKeys = false } = setup;
  const emulator = createEmulator({ script, clock, queuedMs: 1_000, runMs: 4_000, idempotencyKeys });
  /** The number of creates in flight when a process died, by iteration. Their outcome is unknown. */
  const lost: number[] = [];
  let lostAt = 0;
  let first: readonly string[] = [];

  for (let index = 0; ; index += 1) {
    const mine = crashingProcess({ clock, store, fetch: emulator.fetch }, ({ at, when }, { die }) => {
      const death = deaths[index];
      if (death?.at === at && death.when === when) die();
    });
    process = mine;
    if (index === 0) first = mine.points;
    const runner = createRunner({
      client: mine.client,
      clock: mine.clock,
      store: mine.store,
      random: () => 0.5,
      mode: setup.mode,
      continuation: setup.continuation,
      agents: [agent],
      tools: { timeoutMs: 600_000 },
    });
    const known = watched(runner.resumeAll());
    await driveUntil(clock, () => known.settled || mine.dead);
    if (known.error !== undefined) throw known.error;
    if (!mine.dead) {
      const saved = await store.load('run-1');
      // A run without a first save has sent no request, and its caller starts it again.
      if (saved === undefined) expect(emulator.requests).toHaveLength(0);
      let run =
        saved === undefined
          ? runner.start(agent, 'I want to see Paris.', { runId: 'run-1' })
          : await runner.resume(agent, 'run-1');
      let result = watched(run.result());
      const drive = async (): Promise<void> => {
        const answering = person(run);
        await driveUntil(clock, () => {
          if (!mine.dead) answering();
          return mine.dead || result.settled;
        });
      };
      await drive();
      // A second unknown create of a later iteration stops driving. An explicit resume sends one more.
      if (!mine.dead && LonghaulError.isInstance(result.error) && result.error.code === 'unknown_create') {
        expect(lost[run.view.iteration]).toBeGreaterThanOrEqual(2);
        run = await runner.resume(agent, 'run-1');
        result = watched(run.result());
        await drive();
      }
      if (!mine.dead) {
        // A second unknown create of the first iteration fails the run.
        if (run.view.iteration === 0 && (lost[0] ?? 0) >= 2) {
          expect(result.error).toMatchObject({ name: 'RunFailedError', code: 'unknown_create' });
        } else {
          expect(result.error).toBeUndefined();
          expect(result.value?.text).toBe(answer);
        }
        break;
      }
    }
    const saved = await store.load('run-1');
    if (saved === undefined) continue;
    const { phase, iteration, revision } = saved.head;
    // A process that died before its first save left the same lost create that the previous process left.
    if (phase.type === 'creating' && phase.stage === 'sending' && revision !== lostAt) {
      lost[iteration] = (lost[iteration] ?? 0) + 1;
      lostAt = revision;
    }
  }

  const head = await store.load('run-1');
  const lostInAll = lost.reduce((sum, times) => sum + times, 0);
  const counts = executed(executions);
  const calls = head?.items.filter((item) => item.type === 'call') ?? [];
  for (const { name, status } of calls) {
    // An interrupted call is not executed again, even if it had no effect. Its output states that its effect is unknown.
    if (status === 'interrupted') expect(counts[name] ?? 0, name).toBeLessThanOrEqual(1);
    else if (name !== 'search' && name !== 'ask_owner') expect(counts[name], name).toBe(1);
  }
  expect(calls.filter(({ name, status }) => name === 'search' && status !== 'completed')).toEqual([]);
  expect(new Set(executions.map(({ idempotencyKey }) => idempotencyKey)).size, 'one key per call').toBe(
    Object.keys(counts).length,
  );
  if (head?.head.status === 'completed') {
    expect(calls).toHaveLength(4);
    if (lostInAll === 0 || idempotencyKeys) expect(emulator.generations).toBe(3);
  }
  expect(emulator.generations, 'generations').toBeLessThanOrEqual(3 + lostInAll);
  const warnings = head?.items.flatMap((item) => (item.type === 'warning' ? [item.code] : [])) ?? [];
  expect(warnings.filter((code) => code !== 'unknown_create')).toEqual([]);
  expect(warnings.length).toBe(lost.reduce((sum, times) => sum + Math.min(1, times), 0));
  store.close?.();
  return first;
}
