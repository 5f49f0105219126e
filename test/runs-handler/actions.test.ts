import { defineAgent, memoryStore, tool } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { readError, readList, readShown } from './read-answers.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';

const start = { runId: 'run-1', agent: 'support', input: 'Hi' };
const locate = tool({ name: 'locate', parameters: z.object({}) });
const asking = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate] });
const callLocate = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'There.' }];

async function startWaiting(site: RunsSite, runId = 'run-1'): Promise<void> {
  await site.post('/runs', { ...start, runId });
  await until(async () => (await site.runner.read(runId))?.status === 'requires_action');
}

describe('cancel', () => {
  test('is answered immediately, and the run ends later', async () => {
    await using site = await startRunsSite({ script: [{ text: 'Late.', runMs: 3_600_000 }] });
    await site.post('/runs', start);
    await until(async () => (await site.runner.read('run-1'))?.status === 'in_progress');
    const answer = await site.post('/runs/run-1/cancel', { reason: 'I changed my mind.' });
    expect(answer.status).toBe(202);
    expect(await readShown(answer)).toMatchObject({ view: { runId: 'run-1' } });
    await until(async () => (await site.runner.read('run-1'))?.status === 'cancelled');
    expect((await site.post('/runs/run-1/cancel', {})).status).toBe(202);
    expect(site.errors).toEqual([]);
  });

  test('with a body above `inputBytes` is refused, like decisions and leases, and changes nothing', async () => {
    await using site = await startRunsSite({
      runnerAgents: [asking],
      script: callLocate,
      limits: { inputBytes: 1_000 },
    });
    await startWaiting(site);
    const text = 'x'.repeat(2_000);
    const output = { decisions: [{ type: 'output', callId: 'call_1', output: text }], iteration: 0 };
    const bodies = { cancel: { reason: text }, decisions: output, 'calls/call_1/lease': { leaseId: text } };
    for (const [path, body] of Object.entries(bodies)) {
      const refused = await site.post(`/runs/run-1/${path}`, body);
      expect(refused.status).toBe(413);
      expect(await readError(refused)).toMatchObject({ code: 'request_too_large' });
    }
    expect((await site.runner.read('run-1'))?.status).toBe('requires_action');
  });

  test('needs no body, and reaches the process that drives the run', async () => {
    const store = memoryStore();
    await using one = await startRunsSite({ store, script: [{ text: 'Late.', runMs: 3_600_000 }] });
    await using two = await startRunsSite({ store, api: one.api });
    await one.post('/runs', start);
    await until(async () => (await one.runner.read('run-1'))?.status === 'in_progress');
    const answer = await two.ask('/runs/run-1/cancel', { method: 'POST' });
    expect(answer.status).toBe(202);
    await until(async () => (await one.runner.read('run-1'))?.status === 'cancelled');
    await until(() => two.runner.runs.length === 0);
  });

  test.each([
    [{ reason: 7 }, 400],
    [{ why: 'x' }, 400],
    ['{', 400],
  ])('with the body %j is refused', async (body, status) => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site);
    expect((await site.post('/runs/run-1/cancel', body)).status).toBe(status);
    expect((await site.runner.read('run-1'))?.status).toBe('requires_action');
  });
});

test('resume drives a run that no process drives', async () => {
  const store = memoryStore();
  const one = await startRunsSite({ store, script: [{ text: 'Done.', runMs: 500 }] });
  await one.post('/runs', start);
  await until(async () => (await one.runner.read('run-1'))?.status === 'in_progress');
  await one.runner.close({ graceMs: 0 });
  await using two = await startRunsSite({ store, api: one.api });
  expect((await readShown(await two.ask('/runs/run-1'))).view.driver).toBe('none');
  expect(two.runner.runs).toEqual([]);
  const resumed = await two.ask('/runs/run-1/resume', { method: 'POST' });
  expect(resumed.status).toBe(202);
  expect((await readShown(resumed)).view.driver).toBe('here');
  expect(await two.runner.get('run-1')?.result()).toMatchObject({ text: 'Done.' });
  expect((await two.post('/runs/run-1/resume', {})).status).toBe(202);
  await one[Symbol.asyncDispose]();
});

describe('delete', () => {
  test('removes a run that has ended, and its id can be used again', async () => {
    await using site = await startRunsSite();
    await site.post('/runs', start);
    await site.runner.get('run-1')?.result();
    expect((await site.ask('/runs/run-1', { method: 'DELETE' })).status).toBe(204);
    expect((await site.ask('/runs/run-1')).status).toBe(404);
    expect((await site.ask('/runs/run-1', { method: 'DELETE' })).status).toBe(404);
    expect((await site.post('/runs', start)).status).toBe(201);
  });

  test('of an active run is a conflict', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    await startWaiting(site);
    const refused = await site.ask('/runs/run-1', { method: 'DELETE' });
    expect(refused.status).toBe(409);
    expect(await readError(refused)).toEqual({
      code: 'run_active',
      message: 'The run is requires_action. Cancel it before you delete it.',
    });
  });
});

describe('the list', () => {
  test('has the visitor’s own runs, newest first, by agent and status, in pages', async () => {
    await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate });
    for (const runId of ['one', 'two', 'three']) await startWaiting(site, runId);
    await site.runner.get('two')?.cancel();
    const idsOf = async (query: string) => {
      const runs = await readList(await site.ask(`/runs${query}`));
      return runs.map(({ runId }) => runId);
    };
    const all = await idsOf('');
    expect(all.toSorted()).toEqual(['one', 'three', 'two']);
    expect(await idsOf('?status=cancelled')).toEqual(['two']);
    expect((await idsOf('?status=cancelled,requires_action')).length).toBe(3);
    expect((await idsOf('?status=queued&status=requires_action')).length).toBe(2);
    expect(await idsOf('?agent=other')).toEqual([]);
    expect(await idsOf('?limit=2')).toEqual(all.slice(0, 2));
    expect(await idsOf(`?limit=2&after=${all[1]}`)).toEqual(all.slice(2));
    expect(await idsOf('?limit=0')).toEqual([]);
  });

  test('has only runs that the visitor may read', async () => {
    await using site = await startRunsSite({ may: (_user, { runId }) => runId !== 'hidden' });
    for (const runId of ['one', 'hidden', 'two']) {
      await site.post('/runs', { ...start, runId });
      await site.runner.get(runId)?.result();
    }
    const runs = await readList(await site.ask('/runs?limit=2'));
    expect(runs.map(({ runId }) => runId).toSorted()).toEqual(['one', 'two']);
  });

  test('has no run whose id the routes do not accept, such as one that the site’s own code started', async () => {
    await using site = await startRunsSite();
    for (const runId of ['one', 'order 7/ü', 'runs', 'two'])
      await site.runner.start('support', 'Hi', { runId, owner: 'ann' }).result();
    const runs = await readList(await site.ask('/runs?limit=2'));
    expect(runs.map(({ runId }) => runId).toSorted()).toEqual(['one', 'two']);
  });

  test.each(['?status=done', '?limit=-1', '?limit=x', '?limit=1001', '?owner=eve'])(
    '%s is refused',
    async (query) => {
      await using site = await startRunsSite();
      const refused = await site.ask(`/runs${query}`);
      expect(refused.status).toBe(400);
      expect(await readError(refused)).toMatchObject({ code: 'invalid_request' });
    },
  );
});

describe('routes', () => {
  test.each([
    ['GET', '/', 404],
    ['GET', '/other', 404],
    ['GET', '/runs/run-1/secrets', 404],
    ['PUT', '/runs', 405],
    ['POST', '/runs/run-1', 405],
    ['GET', '/runs/run-1/cancel', 405],
    ['GET', '/runs/run-1?view=full', 400],
  ])('%s %s is answered with %i and a JSON error', async (method, path, status) => {
    await using site = await startRunsSite();
    const answer = await site.ask(path, { method });
    expect(answer.status).toBe(status);
    await readError(answer);
    if (status === 405) expect(answer.headers.get('allow')).toMatch(/GET|POST/);
  });

  test('a page of a listed origin may use all methods of a route', async () => {
    await using site = await startRunsSite({ cors: { origins: ['https://app.test'], credentials: true } });
    const headers = { origin: 'https://app.test', 'sec-fetch-site': 'cross-site' };
    const preflight = await site.ask('/runs/run-1', { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-methods')).toBe('GET, DELETE');
    expect(preflight.headers.get('access-control-allow-headers')).toBe(
      'authorization, content-type, last-event-id',
    );
    const answer = await site.ask('/runs', { headers });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('access-control-allow-origin')).toBe('https://app.test');
    expect(answer.headers.get('access-control-expose-headers')).toContain('retry-after');
  });
});
