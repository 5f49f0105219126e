import {
  createRunner,
  defineAgent,
  fetchClient,
  memoryStore,
  StoreError,
  tool,
  type RunStore,
} from '@longhaul/core';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { createEmulator, manualClock } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { readError, readShown, statusesOf } from './read-answers.ts';
import { startRunsSite } from './runs-site.ts';
import { slowStore } from './slow-store.ts';

const start = { runId: 'run-1', agent: 'support', input: 'Hi' };

const asking = defineAgent({
  name: 'support',
  model: 'gpt-6-astra',
  tools: [tool({ name: 'locate', parameters: z.object({}) })],
});
const callLocate = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'There.' }];

async function createsOf(site: {
  readonly api: { readonly requests: readonly { readonly method: string }[] };
}) {
  return site.api.requests.filter(({ method }) => method === 'POST').length;
}

describe('a repeated start', () => {
  test('returns the same run, regardless of the order of its fields', async () => {
    await using site = await startRunsSite();
    const first = await site.post('/runs', start);
    expect(first.status).toBe(201);
    expect(await readShown(first)).toMatchObject({ view: { runId: 'run-1', agent: 'support', input: 'Hi' } });
    await site.runner.get('run-1')?.result();
    const again = await site.post('/runs', '{"input":"Hi","agent":"support","runId":"run-1"}');
    expect(again.status).toBe(200);
    expect((await readShown(again)).view).toMatchObject({ status: 'completed', text: 'Done.' });
    expect(await createsOf(site)).toBe(1);
  });

  test('at the same time starts one run', async () => {
    let hooks = 0;
    await using site = await startRunsSite({
      input: (_user, input) => {
        hooks += 1;
        return input;
      },
      limits: { startsPerMinute: 1 },
    });
    const answers = await Promise.all(Array.from({ length: 5 }, () => site.post('/runs', start)));
    expect(statusesOf(answers)).toEqual([200, 200, 200, 200, 201]);
    await site.runner.get('run-1')?.result();
    expect(await createsOf(site)).toBe(1);
    expect(hooks).toBe(1);
  });

  test('in two processes starts one run, and one of two different requests wins', async () => {
    for (let round = 0; round < 10; round += 1) {
      const store = sqliteStore({ path: ':memory:' });
      await using one = await startRunsSite({ store });
      await using two = await startRunsSite({ store, api: one.api });
      const same = await Promise.all([one.post('/runs', start), two.post('/runs', start)]);
      expect(statusesOf(same)).toEqual([200, 201]);
      const other = { ...start, runId: 'run-2' };
      const different = await Promise.all([
        one.post('/runs', other),
        two.post('/runs', { ...other, input: 'Ho' }),
      ]);
      expect(statusesOf(different)).toEqual([201, 409]);
      expect(await one.runner.list()).toHaveLength(2);
      expect([...one.errors, ...two.errors]).toEqual([]);
    }
  });

  test('works after the store was not available, and the first answer has `Retry-After`', async () => {
    const store = memoryStore();
    let isDown = true;
    const failing: RunStore = {
      ...store,
      commit: (change) =>
        isDown ? Promise.reject(new StoreError('unavailable', 'locked')) : store.commit(change),
    };
    const clock = manualClock();
    await using site = await startRunsSite({ store: failing, clock });
    const first = site.post('/runs', start);
    await until(async () => {
      await clock.advance(1_000);
      return site.runner.get('run-1') !== undefined && clock.now() > 20_000;
    });
    const refused = await first;
    expect(refused.status).toBe(503);
    expect(refused.headers.get('retry-after')).toBe('2');
    expect(await readError(refused)).toMatchObject({ code: 'unavailable' });
    isDown = false;
    const again = await site.post('/runs', start);
    expect([200, 201]).toContain(again.status);
    await site.runner.get('run-1')?.result();
    expect(await createsOf(site)).toBe(1);
  });
});

describe('the `input` hook', () => {
  test('changes the input, and may add items that a visitor cannot send', async () => {
    await using site = await startRunsSite({
      input: (user, input, { agent }) => [
        { role: 'developer', content: `${user} talks to ${agent}.` },
        { role: 'user', content: typeof input === 'string' ? input.toUpperCase() : 'none' },
      ],
    });
    expect((await site.post('/runs', start)).status).toBe(201);
    await site.runner.get('run-1')?.result();
    expect(site.api.requests[0]?.body).toMatchObject({
      input: [
        { role: 'developer', content: 'ann talks to support.' },
        { role: 'user', content: 'HI' },
      ],
    });
  });

  test('refuses a start with its own answer, and a later start with this id is a new one', async () => {
    let mayPass = false;
    await using site = await startRunsSite({
      input: (_user, input) => (mayPass ? input : new Response('Not here.', { status: 422 })),
    });
    const refused = await site.post('/runs', start);
    expect(refused.status).toBe(422);
    expect(await refused.text()).toBe('Not here.');
    expect(await site.runner.list()).toEqual([]);
    mayPass = true;
    expect((await site.post('/runs', start)).status).toBe(201);
  });

  test.each([200, 204, 302])(
    'that returns a Response with the status %i is an error of the site',
    async (status) => {
      await using site = await startRunsSite({ input: () => new Response(null, { status }) });
      const failed = await site.post('/runs', start);
      expect(failed.status).toBe(500);
      expect(site.errors).toMatchObject([{ message: expect.stringContaining(`the status ${status}`) }]);
      expect(await site.runner.list()).toEqual([]);
    },
  );

  test('that throws is an error of the server, which the visitor does not see', async () => {
    await using site = await startRunsSite({
      input: () => {
        throw new Error('moderation at 10.0.0.7 is down');
      },
    });
    const failed = await site.post('/runs', start);
    expect(failed.status).toBe(500);
    expect(await readError(failed)).toMatchObject({ code: 'internal' });
    expect(site.errors).toMatchObject([{ message: 'moderation at 10.0.0.7 is down' }]);
    expect(await site.runner.list()).toEqual([]);
  });
});

describe('a start that continues a run', () => {
  test('needs a run that has ended', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await site.post('/runs', start);
    await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
    const active = await site.post('/runs', { ...start, runId: 'run-2', continueFrom: 'run-1' });
    expect(active.status).toBe(409);
    expect(await site.runner.list()).toHaveLength(1);
    await site.runner.get('run-1')?.submitToolOutput('call_1', 'here');
    await site.runner.get('run-1')?.result();
    const continued = await site.post('/runs', {
      ...start,
      runId: 'run-2',
      input: '',
      continueFrom: 'run-1',
    });
    expect(continued.status).toBe(201);
  });
});

describe('limits', () => {
  test('of starts count neither repetitions nor refused requests', async () => {
    const clock = manualClock();
    await using site = await startRunsSite({ limits: { startsPerMinute: 2 }, clock });
    expect((await site.post('/runs', { ...start, agent: 'none' })).status).toBe(400);
    expect((await site.post('/runs', start)).status).toBe(201);
    for (let times = 0; times < 5; times += 1) expect((await site.post('/runs', start)).status).toBe(200);
    expect((await site.post('/runs', { ...start, runId: 'run-2' })).status).toBe(201);
    const refused = await site.post('/runs', { ...start, runId: 'run-3' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('60');
    expect((await site.post('/runs', { ...start, runId: 'run-3' }, { user: 'eve' })).status).toBe(201);
    await clock.advance(60_001);
    expect((await site.post('/runs', { ...start, runId: 'run-4' })).status).toBe(201);
  });

  test('of active runs exclude those that wait for a person, and hold for starts at the same time', async () => {
    await using site = await startRunsSite({
      store: slowStore(),
      runnerAgents: [asking],
      script: (request) => {
        if (request.userText === 'Wait') return { calls: [{ name: 'locate', callId: 'call_1' }] };
        return { text: 'Done.', runMs: 3_600_000 };
      },
      limits: { activeRuns: 2 },
    });
    await site.post('/runs', { ...start, runId: 'waits', input: 'Wait' });
    await until(async () => (await site.runner.read('waits'))?.status === 'requires_action');
    const answers = await Promise.all(
      [1, 2, 3, 4, 5].map((number) => site.post('/runs', { ...start, runId: `run-${number}` })),
    );
    expect(statusesOf(answers)).toEqual([201, 201, 429, 429, 429]);
    expect((await site.post('/runs', { ...start, runId: 'of-eve' }, { user: 'eve' })).status).toBe(201);
    const busy = await until(() => site.runner.runs.find(({ view }) => view.status === 'in_progress'));
    await busy?.cancel();
    await until(async () => (await site.post('/runs', { ...start, runId: 'later' })).status < 300);
  });

  test('of starts do not count a start that a page repeats until an active run ends', async () => {
    const clock = manualClock();
    await using site = await startRunsSite({
      script: [{ text: 'Done.', runMs: 3_600_000 }],
      limits: { startsPerMinute: 2, activeRuns: 1 },
      clock,
    });
    expect((await site.post('/runs', start)).status).toBe(201);
    const repeat = (): Promise<Response> => site.post('/runs', { ...start, runId: 'run-2' });
    for (let times = 0; times < 5; times += 1) {
      const refused = await repeat();
      expect(refused.headers.get('retry-after')).toBe('5');
      expect((await readError(refused)).message).toContain('active runs');
    }
    await site.runner.get('run-1')?.cancel();
    expect((await repeat()).status).toBe(201);
  });

  test('of tokens count the runs of the last 24 hours', async () => {
    const clock = manualClock(Date.now());
    await using site = await startRunsSite({ limits: { ownerTokensPerDay: 1 }, clock });
    expect((await site.post('/runs', start)).status).toBe(201);
    await site.runner.get('run-1')?.result();
    const refused = await site.post('/runs', { ...start, runId: 'run-2' });
    expect(refused.status).toBe(429);
    expect(refused.headers.get('retry-after')).toBe('600');
    expect((await site.post('/runs', start)).status).toBe(200);
    expect((await site.post('/runs', { ...start, runId: 'of-eve' }, { user: 'eve' })).status).toBe(201);
    await clock.advance(86_500_000);
    expect((await site.post('/runs', { ...start, runId: 'run-2' })).status).toBe(201);
  });

  test('of a run end it', async () => {
    const emulator = createEmulator({ script: callLocate });
    await using site = await startRunsSite({
      runnerAgents: [asking],
      api: emulator,
      limits: { runTokens: 1 },
    });
    await site.post('/runs', start);
    const view = await site.runner.get('run-1')?.done();
    expect(view?.error).toMatchObject({ code: 'token_limit' });
  });
});

test('the handler starts runs of a runner that provides a context', async () => {
  const seen: unknown[] = [];
  const emulator = createEmulator({ script: [{ text: 'Done.' }], queuedMs: 1, runMs: 1 });
  const runner = createRunner({
    client: fetchClient({ baseURL: 'http://api.test/v1', fetch: emulator.fetch }),
    agents: [asking],
    context: (request) => {
      seen.push(request);
      return { customer: request.owner };
    },
  });
  const { createRunsHandler } = await import('@longhaul/core/server');
  const handler = createRunsHandler({ runner, agents: ['support'], authorize: () => ({ id: 'ann' }) });
  const answer = await handler(
    new Request('http://site.test/api/runs', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...start, metadata: { plan: 'pro' } }),
    }),
  );
  expect(answer.status).toBe(201);
  expect(seen).toEqual([
    { runId: 'run-1', agent: 'support', owner: 'ann', metadata: {}, untrusted: { plan: 'pro' } },
  ]);
  await runner.close();
});
