import process from 'node:process';
import { inspect } from 'node:util';
import { createRunner, defineAgent, fetchClient, LonghaulError, memoryStore } from '@longhaul/core';
import { createEmulator, manualClock, type Emulator, type ManualClock } from '@longhaul/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { countedClock } from './counted-clock.ts';
import { driveUntil, watched } from './drive.ts';
import { scriptedRun } from './scripted-run.ts';
import { mutatedBytes, mutatedStream, mutatedText } from './mutate.ts';
import { deep, seed, seededRandom } from './seeded.ts';

const slices = deep ? 40 : 4;
const runsPerSlice = deep ? 1_000 : 40;
const runMs = 900_000;
/** Milliseconds for a cancel after a limit. A cancel that cannot be delivered has its own time limit. */
const slackMs = 180_000;

/** The webhooks that have woken a run. */
const webhooks = { woken: 0 };
const unhandled: unknown[] = [];
const listen = (reason: unknown): unknown => unhandled.push(reason);
beforeAll(() => {
  process.on('unhandledRejection', listen);
});
afterAll(() => {
  process.off('unhandledRejection', listen);
});

const statuses = [
  200, 200, 200, 200, 201, 202, 206, 400, 401, 403, 404, 408, 409, 413, 418, 422, 429, 500, 502, 503, 504,
  520,
];
const waits = [
  '0',
  '3',
  '-5',
  '1e9',
  'soon',
  '',
  'Wed, 21 Oct 2026 07:28:00 GMT',
  'NaN',
  '99999999999999999999',
];

/** A server between the client and the API. It corrupts the given share of the answers. */
function spoiler(api: Emulator['fetch'], random: () => number, share: number) {
  let spoiled = 0;
  const fetch = async (input: string, init?: RequestInit): Promise<Response> => {
    const answer = await api(input, init);
    if (random() >= share) return answer;
    spoiled += 1;
    if (random() < 0.05)
      throw new TypeError('fetch failed', { cause: Object.assign(new Error(), { code: 'EPIPE' }) });
    const headers = new Headers(answer.headers);
    const streamed = headers.get('content-type')?.includes('event-stream') === true;
    if (random() < 0.1)
      headers.set('content-type', random() < 0.5 ? 'text/event-stream' : 'application/json');
    if (random() < 0.2) headers.set('retry-after', waits[Math.floor(random() * waits.length)] ?? '');
    if (random() < 0.1) headers.set('openai-poll-after-ms', waits[Math.floor(random() * waits.length)] ?? '');
    const status =
      random() < 0.75 ? answer.status : (statuses[Math.floor(random() * statuses.length)] ?? 200);
    if (!streamed) {
      const text = await answer.text();
      return new Response(mutatedBytes(mutatedText(text, random), random), { status, headers });
    }
    return new Response(spoiledStream(answer, random), { status, headers });
  };
  return { fetch, spoiled: () => spoiled };
}

/** Reads the stream to its end first, because only its bytes matter, not their timing. */
function spoiledStream(answer: Response, random: () => number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: async (controller) => {
      try {
        const bytes = mutatedBytes(mutatedStream(await answer.text(), random), random);
        for (let at = 0; at < bytes.length; at += 700) controller.enqueue(bytes.slice(at, at + 700));
        if (random() < 0.2) controller.error(new TypeError('terminated'));
        else controller.close();
      } catch (error) {
        controller.error(error);
      }
    },
  });
}

/** A webhook may come this many milliseconds after the create: before or after the end of its response. */
const webhookWithinMs = 12_000;

/**
 * Wakes the run of each new response up to three times: even before the answer to its create arrives, or with the id of
 * no response.
 */
function webhooksOf(
  emulator: Emulator,
  clock: ManualClock,
  random: () => number,
  wake: (responseId: string) => Promise<unknown>,
): Emulator['fetch'] {
  const send = async (responseId: string): Promise<void> => {
    if (random() < 0.7) await clock.sleep(Math.floor(random() * webhookWithinMs));
    // The runner may be closed by now.
    await wake(responseId).catch(() => undefined);
  };
  const newest = (): string => emulator.snapshot().responses.at(-1)?.id ?? '';
  return async (input, init) => {
    const before = newest();
    const answer = await emulator.fetch(input, init);
    const id = newest();
    const times = id === before ? 0 : Math.floor(random() * 4);
    for (let time = 0; time < times; time += 1) void send(random() < 0.2 ? `${id}0` : id);
    return answer;
  };
}

/** Performs the scripted run against a server that corrupts answers. Resolves to `completed`, or the code of the run's error. */
async function survive(runSeed: number): Promise<string> {
  const random = seededRandom(runSeed);
  const { agent: plain, script, executions } = scriptedRun();
  const agent = defineAgent({
    name: plain.name,
    model: 'm',
    tools: [...plain.tools.values()],
    maxIterations: 6,
  });
  const clock = manualClock(1_770_000_000_000);
  const counted = countedClock(clock);
  const emulator = createEmulator({ script, clock, queuedMs: 1_000, runMs: 4_000 });
  const store = memoryStore({ clock });
  let woken = 0;
  const wake = async (responseId: string): Promise<void> => {
    if (await runner.wakeResponse(responseId)) woken += 1;
  };
  // In every second run, webhooks come.
  const api = runSeed % 2 === 0 ? webhooksOf(emulator, clock, random, wake) : emulator.fetch;
  const { fetch } = spoiler(api, random, 0.1 + 0.6 * random());
  const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch });
  const mode = (['auto', 'poll', 'stream'] as const)[runSeed % 3] ?? 'auto';
  const options = { client, store, random, mode, agents: [agent], limits: { runMs, queuedMs: 300_000 } };
  const runner = createRunner({ ...options, clock: counted });
  const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
  const events: string[] = [];
  const reading = (async () => {
    for await (const event of run.events()) events.push(JSON.stringify(event));
  })();
  const result = watched(run.result());
  await driveUntil(clock, () => result.settled);
  expect(clock.now() - 1_770_000_000_000).toBeLessThanOrEqual(runMs + slackMs);
  if (result.error !== undefined)
    expect(LonghaulError.isInstance(result.error), String(result.error)).toBe(true);
  await reading;
  // Ends the queries for runs without a process.
  await runner.close();
  await clock.advance(0);
  expect(counted.pending, 'pending sleeps').toBe(0);
  // An iteration with a corrupted output may call any tool, but no call is executed twice.
  const keys = executions.map(({ idempotencyKey }) => idempotencyKey);
  expect(new Set(keys).size).toBe(keys.length);
  webhooks.woken += woken;
  expect(JSON.parse(JSON.stringify(run.view)), 'the view as JSON').toEqual(run.view);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  const ending = result.error === undefined ? 'completed' : (result.error as LonghaulError).code;
  if (ending === 'internal') throw result.error;
  // The saved run can be resumed with a server that does not corrupt answers.
  if ((await store.load('run-1')) === undefined) return ending;
  const well = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
  const again = await createRunner({ ...options, client: well, clock }).resume(agent, 'run-1');
  const second = watched(again.result());
  await driveUntil(clock, () => second.settled);
  if (run.view.status === 'completed') expect(second.value?.text).toBe(run.view.text);
  return ending;
}

test.each(Array.from({ length: slices }, (_, slice) => seed + slice * 1_000_000))(
  `${runsPerSlice} runs on a server with corrupted answers end within 18 minutes, with a result or a LonghaulError (seed %i)`,
  async (first) => {
    const endings = new Map<string, number>();
    const failures: string[] = [];
    for (let index = 0; index < runsPerSlice; index += 1) {
      try {
        const ending = await survive(first + index);
        endings.set(ending, (endings.get(ending) ?? 0) + 1);
      } catch (error) {
        failures.push(`seed ${first + index}: ${inspect(error)}`);
        if (failures.length >= 5) break;
      }
    }
    expect(failures).toEqual([]);
    expect(unhandled).toEqual([]);
    // Some runs complete, and the others end in several ways.
    expect(endings.get('completed')).toBeGreaterThan(runsPerSlice / 20);
    expect(endings.size).toBeGreaterThan(4);
    expect(webhooks.woken).toBeGreaterThan(runsPerSlice / 10);
  },
);
