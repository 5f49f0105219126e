import { createRunner, fetchClient, LonghaulError, memoryStore, type Run } from '@longhaul/core';
import { createWebhookHandler } from '@longhaul/core/server';
import { createEmulator, manualClock, type Fault } from '@longhaul/core/testing';
import OpenAI from 'openai';
import { expect } from 'vitest';
import { countedClock } from './counted-clock.ts';
import { driveUntil, watched } from './drive.ts';
import type { Cell, Ending, Trial } from './trial.ts';
import { executed, scriptedRun } from './scripted-run.ts';

const input = 'I want to see Paris.';
/** The number of executions of each tool before the create of an iteration. */
const toolsBefore = [{}, { search: 1, reserve: 1 }, { search: 1, reserve: 1, book: 1 }];

function clientFor(
  which: Cell['client'],
  fetch: (input: string | URL | Request, init?: RequestInit) => Promise<Response>,
) {
  const baseURL = 'http://openai.test/v1';
  return which === 'fetch'
    ? fetchClient({ baseURL, apiKey: 'key', fetch })
    : new OpenAI({ baseURL, apiKey: 'key', fetch });
}

export function endingOf(trial: Trial, cell: Cell): Ending {
  return typeof trial.ends === 'function' ? trial.ends(cell) : trial.ends;
}

/**
 * Performs the scripted run with the faults of a trial, and checks the invariants and the expected end. Resolves to
 * the end of the run.
 */
export async function tryFault(trial: Trial, cell: Cell): Promise<string> {
  const { agent, script, executions, answer } = scriptedRun();
  // WebCrypto signs and checks webhooks outside the event loop, so the clock needs a `patienceMs`.
  const clock = manualClock(1_770_000_000_000, trial.webhooks === true ? { patienceMs: 5 } : {});
  const counted = countedClock(clock);
  const faults = trial.faults.map((fault): Fault => ({ ...fault, iteration: cell.iteration }));
  const secret = `whsec_${btoa('the secret of a trial')}`;
  let receive: ((request: Request) => Promise<Response>) | undefined;
  let received = 0;
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    received += 1;
    return receive?.(new Request(url, init)) ?? new Response(null, { status: 503 });
  };
  const webhooks = { url: 'http://site.test/webhooks', secret, fetch };
  const emulator = createEmulator({
    ...{ script, clock, faults, queuedMs: 1_000, runMs: 4_000 },
    ...(trial.webhooks === true && { webhooks }),
  });
  const store = memoryStore({ clock });
  const runner = createRunner({
    client: clientFor(cell.client, emulator.fetch),
    clock: counted,
    random: () => 0.5,
    store,
    mode: cell.mode,
    continuation: cell.continuation,
    limits: { runMs: 2 * 3_600_000, queuedMs: 600_000 },
  });
  receive = createWebhookHandler({ secret, runner, clock });
  const run = runner.start(agent, input, { runId: 'run-1' });
  const creates = (): number => emulator.requests.filter(({ path }) => path.endsWith('/responses')).length;

  let createsAtCancel: number | undefined;
  if (trial.cancels === true) {
    await driveUntil(clock, () => run.view.waiting !== null && run.view.iteration === cell.iteration);
    createsAtCancel = creates();
    const end = watched(run.cancel('changed my mind'));
    await driveUntil(clock, () => end.settled);
    expect(end.value?.status).toBe('cancelled');
  }
  let outcome = await settled(run);
  const ending = endingOf(trial, cell);
  const seen = outcome.error === undefined ? 'same' : `${outcome.error.name} ${outcome.error.code}`;

  if (typeof ending === 'object') {
    expect(seen).toBe(`${ending.error} ${ending.code}`);
    if (ending.error === 'LonghaulError') {
      expect(run.view.driver).toBe('none');
      await runner.resume(agent, run.id);
      outcome = await settled(run);
      expect(outcome).toMatchObject({ text: answer });
    }
  } else {
    expect(outcome.error).toBeUndefined();
    if (ending === 'early') expect(outcome.text).not.toBe(answer);
    else expect(outcome.text).toBe(ending === 'same' ? answer : '');
  }

  const complete = outcome.error === undefined && ending !== 'empty' && ending !== 'early';
  const lastIteration = complete ? 2 : cell.iteration + (trial.failsNextCreate === true ? 1 : 0);
  expect(emulator.generations, 'generations').toBeLessThanOrEqual(
    lastIteration + 1 + (trial.lostCreates ?? 0),
  );
  expect(executed(executions), 'executions').toEqual(toolsBefore[lastIteration]);
  if (createsAtCancel !== undefined) expect(creates(), 'creates after the cancel').toBe(createsAtCancel);
  for (const { body, path } of emulator.requests) {
    if (path.endsWith('/responses')) expect(body?.['background'], 'I3').toBe(true);
  }
  const warning = typeof trial.warning === 'function' ? trial.warning(cell) : trial.warning;
  const warnings = run.view.warnings.map(({ code }) => code);
  if (warning !== undefined) expect(warnings).toContain(warning);
  else if (trial.lostCreates === undefined && trial.warning === undefined) expect(warnings).toEqual([]);

  expect(received > 0, 'webhooks').toBe(trial.webhooks === true);
  // No sleep is pending, no process holds the claim, and the store has the end of the run.
  await clock.advance(0);
  expect(counted.pending, 'pending sleeps').toBe(0);
  expect(await store.claim('run-1', 'another owner', 1)).toBe(true);
  expect((await store.load('run-1'))?.head.status).toBe(run.view.status);
  return typeof ending === 'object' ? ending.code : ending;

  async function settled(of: Run): Promise<{ text?: string; error?: LonghaulError }> {
    const result = watched(of.result());
    await driveUntil(clock, () => result.settled);
    if (result.value !== undefined) return { text: result.value.text };
    if (LonghaulError.isInstance(result.error)) return { error: result.error };
    throw result.error;
  }
}
