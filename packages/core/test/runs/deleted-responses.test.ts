import OpenAI from 'openai';
import { describe, expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { ResponsesClient } from '../../src/client/responses-client.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { createEmulator, type Fault } from '../../src/testing/index.ts';
import { serveEmulator } from '../../src/testing/node.ts';
import { kindOf, scenario, type Scenario, type ScenarioOptions } from '../../test-support/scenario.ts';

/** Runs of the weather agent with two responses each, which have ended. `b` continues `a`. */
async function conversation(options: ScenarioOptions = {}): Promise<Scenario> {
  const call = { name: 'get_weather', arguments: { city: 'Paris' } };
  const s = scenario({
    script: ({ body }) =>
      JSON.stringify(body['input']).includes('Umbrella') ? { calls: [call] } : { text: 'No.' },
    ...options,
  });
  await s.settle(s.start('Umbrella?', { runId: 'a' }).result());
  await s.settle(s.start('Umbrella, really?', { runId: 'b', continueFrom: 'a' }).result());
  return s;
}

/** The ids of the responses that a saved run names, in order. */
async function responsesOf({ store }: Scenario, runId: string): Promise<string[]> {
  const { items = [] } = (await store.load(runId)) ?? {};
  return items.flatMap((item) =>
    item.type === 'iteration' && item.responseId !== null ? [item.responseId] : [],
  );
}

function deletes({ emulator }: Scenario): string[] {
  return emulator.requests
    .filter((request) => kindOf(request) === 'delete')
    .map(({ path }) => path.slice(path.lastIndexOf('/') + 1));
}

async function statusOf({ emulator }: Scenario, responseId: string): Promise<number> {
  return (await emulator.fetch(`http://api.test/v1/responses/${responseId}`)).status;
}

test('a run is deleted with its responses, and those of other runs stay at the API', async () => {
  const s = await conversation();
  const before = await responsesOf(s, 'a');
  const own = await responsesOf(s, 'b');
  expect([before.length, own.length]).toEqual([2, 2]);
  await s.settle(s.runner.delete('b', { responses: true }));
  expect(deletes(s).toSorted()).toEqual(own.toSorted());
  for (const id of own) expect(await statusOf(s, id)).toBe(404);
  for (const id of before) expect(await statusOf(s, id)).toBe(200);
  expect(await s.store.load('b')).toBeUndefined();
  // The kept responses can still be continued.
  const next = s.start('Hello?', { continueFrom: 'a' });
  expect(await s.settle(next.result())).toMatchObject({ text: 'No.' });
});

test('a branch is deleted with the responses of all its runs', async () => {
  const s = await conversation();
  const all = [...(await responsesOf(s, 'a')), ...(await responsesOf(s, 'b'))];
  await s.settle(s.runner.delete('a', { branch: true, responses: true }));
  expect(deletes(s).toSorted()).toEqual(all.toSorted());
  expect(await s.store.list()).toEqual([]);
});

test('without `responses`, no request is sent', async () => {
  const s = await conversation();
  const sent = s.emulator.requests.length;
  await s.settle(s.runner.delete('a', { branch: true }));
  expect(s.emulator.requests).toHaveLength(sent);
});

test('the responses of failed attempts are deleted too', async () => {
  const faults: Fault[] = [{ fault: 'fail', code: 'server_error' }];
  const s = scenario({ script: () => ({ text: 'Done.' }), faults });
  await s.settle(s.start('Hi', { runId: 'r' }).result());
  await s.settle(s.runner.delete('r', { responses: true }));
  expect(s.creates()).toHaveLength(2);
  expect(new Set(deletes(s)).size).toBe(2);
});

test('a response that the API no longer has counts as deleted', async () => {
  const s = await conversation();
  const [first = ''] = await responsesOf(s, 'b');
  await s.emulator.fetch(`http://api.test/v1/responses/${first}`, { method: 'DELETE' });
  await s.settle(s.runner.delete('b', { responses: true }));
  expect(await s.store.load('b')).toBeUndefined();
});

describe('if the API does not delete a response', () => {
  test.each<[string, Fault]>([
    ['it refuses', { fault: 'http', on: 'delete', status: 400, message: 'Not now.', times: 1 }],
    ['it fails', { fault: 'http', on: 'delete', status: 500, message: 'Not now.', times: 10 }],
    [
      'it asks for an hour',
      { fault: 'http', on: 'delete', status: 429, message: 'Not now.', retryAfter: 3_600 },
    ],
  ])('(%s), the error names it, the run stays stored, and the call can be repeated', async (_why, fault) => {
    const s = await conversation({ faults: [fault] });
    const responses = await responsesOf(s, 'b');
    const error = await s.rejection(s.runner.delete('b', { responses: true }));
    const [refused] = responses.filter((id) => error instanceof Error && error.message.includes(id));
    expect(error).toMatchObject({ name: 'LonghaulError', code: 'delete_failed' });
    expect(error).toMatchObject({
      message: `Response ${refused} of run b is not deleted at the API, so no run is deleted. Call \`delete\` again, or without \`responses\`. The failure: Not now.`,
    });
    expect(await s.store.load('b')).toBeDefined();
    expect(s.runner.get('b')).toBeDefined();
    await s.settle(s.runner.delete('b', { responses: true }));
    for (const id of responses) expect(await statusOf(s, id)).toBe(404);
    expect(await s.store.load('b')).toBeUndefined();
  });

  test.each<[string, Fault]>([
    ['a server error', { fault: 'http', on: 'delete', status: 503, times: 2 }],
    ['a page of a gateway', { fault: 'http', on: 'delete', status: 404, envelope: false, times: 2 }],
    ['a broken connection', { fault: 'reset', on: 'delete', times: 2 }],
  ])('because of %s, the request is repeated', async (_what, fault) => {
    const s = await conversation({ faults: [fault] });
    const responses = await responsesOf(s, 'b');
    await s.settle(s.runner.delete('b', { responses: true }));
    expect(deletes(s).length).toBeGreaterThan(responses.length);
    for (const id of responses) expect(await statusOf(s, id)).toBe(404);
  });

  test('because it never answers, the call ends', async () => {
    const s = await conversation();
    const inner = fetchClient({ baseURL: 'http://api.test/v1', fetch: s.emulator.fetch });
    const silent = { ...inner.responses, delete: () => new Promise<never>(() => undefined) };
    const runner = s.reboot({ client: { responses: silent } });
    expect(await s.rejection(runner.delete('b', { responses: true }))).toMatchObject({
      code: 'delete_failed',
      message: expect.stringContaining('there was no answer within 120000 ms'),
    });
  });

  test('credentials that have just expired are fetched again, once', async () => {
    let key = 'old';
    const s = await conversation();
    const emulator = createEmulator({ script: [], apiKey: 'new' });
    const client = fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: () => key,
      fetch: async (url, init) => {
        const answer = await emulator.fetch(url, init);
        key = 'new';
        return answer.status === 404 ? s.emulator.fetch(url, init) : answer;
      },
    });
    await s.settle(s.reboot({ client }).delete('b', { responses: true }));
    expect(await s.store.load('b')).toBeUndefined();
    key = 'wrong';
    const wrong = fetchClient({
      baseURL: 'http://api.test/v1',
      apiKey: () => 'wrong',
      fetch: emulator.fetch,
    });
    const error = await s.rejection(s.reboot({ client: wrong }).delete('a', { responses: true }));
    expect(error).toMatchObject({ code: 'delete_failed' });
  });
});

test('a client without `delete` is rejected immediately, and nothing is deleted', async () => {
  const s = await conversation();
  const { create, retrieve, cancel } = fetchClient({ baseURL: 'http://api.test/v1' }).responses;
  const runner = s.reboot({ client: { responses: { create, retrieve, cancel } } });
  expect(await s.rejection(runner.delete('b', { responses: true }))).toMatchObject({
    name: 'ConfigurationError',
    option: 'responses',
    message:
      'delete: `responses` must be absent, because the client of the runner has no `responses.delete`.',
  });
  expect(await s.store.load('b')).toBeDefined();
  await s.settle(runner.delete('b'));
  expect(await s.store.load('b')).toBeUndefined();
});

test('a damaged store cannot cause a request to another path', async () => {
  const s = await conversation();
  const [first = '', second] = await responsesOf(s, 'b');
  const load: RunStore['load'] = async (runId) => {
    const text = JSON.stringify(await s.store.load(runId));
    return JSON.parse(text.replaceAll(first, '..'));
  };
  await s.settle(s.reboot({ store: { ...s.store, load } }).delete('b', { responses: true }));
  expect(deletes(s)).toEqual([second]);
});

test('at most eight requests are sent at the same time', async () => {
  const s = await conversation();
  let open = 0;
  let most = 0;
  const inner: ResponsesClient = fetchClient({ baseURL: 'http://api.test/v1', fetch: s.emulator.fetch });
  const counted = async (): Promise<void> => {
    open += 1;
    most = Math.max(most, open);
    await s.clock.sleep(10);
    open -= 1;
  };
  const load: RunStore['load'] = async (runId) => {
    const run = await s.store.load(runId);
    const first = run?.items.find((item) => item.type === 'iteration');
    if (run === undefined || first === undefined) return run;
    const many = Array.from({ length: 40 }, (_, index) => ({ ...first, responseId: `resp_${index}` }));
    return { ...run, items: [...run.items, ...many] };
  };
  const client = { responses: { ...inner.responses, delete: counted } };
  await s.settle(s.reboot({ client, store: { ...s.store, load } }).delete('b', { responses: true }));
  expect(most).toBe(8);
});

test.each(['fetchClient', 'OpenAI'])('responses are deleted over real HTTP, through %s', async (which) => {
  const emulator = createEmulator({
    script: () => ({ text: 'Hello.' }),
    queuedMs: 1,
    runMs: 5,
    apiKey: 'key',
  });
  await using server = await serveEmulator(emulator);
  const options = { baseURL: server.url, apiKey: 'key' };
  const client = which === 'OpenAI' ? new OpenAI(options) : fetchClient(options);
  const runner = createRunner({ client });
  const agent = defineAgent({ name: 'a', model: 'gpt-6-astra' });
  await runner.start(agent, 'Hi', { runId: 'one' }).result();
  await runner.start(agent, 'And?', { runId: 'two', continueFrom: 'one' }).result();
  await runner.delete('one', { branch: true, responses: true });
  const deleted = emulator.requests.filter(({ method }) => method === 'DELETE');
  expect(deleted).toHaveLength(2);
  for (const { path } of deleted) {
    const answer = await fetch(new URL(path, server.url), { headers: { authorization: 'Bearer key' } });
    expect(answer.status).toBe(404);
  }
  expect(await runner.list()).toEqual([]);
  await runner.close();
});
