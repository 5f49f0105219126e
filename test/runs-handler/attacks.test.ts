import { defineAgent, tool } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { EventMessages } from './event-messages.ts';
import { readError, readList, readShown } from './read-answers.ts';
import { hostileInputs, hostileStarts, start } from './hostile-starts.ts';
import { startRunsSite, type RunsSite, type SiteOptions } from './runs-site.ts';

/** Attacks of visitors, and of pages of other sites. None may have an effect, or reveal more than its refusal. */

const locate = tool({ name: 'locate', parameters: z.object({ city: z.string() }) });
const refund = tool({
  name: 'refund',
  parameters: z.object({ order: z.string() }),
  needsApproval: true,
  execute: () => 'refunded',
});
const agent = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate, refund] });
const internal = defineAgent({ name: 'internal', model: 'gpt-6-astra' });

function siteOf(options: SiteOptions = {}): Promise<RunsSite> {
  return startRunsSite({ runnerAgents: [agent, internal], ...options });
}

const callRefund = [
  { calls: [{ name: 'refund', arguments: { order: 'o1' }, callId: 'call_1' }] },
  { text: 'Refunded.' },
];
const callLocate = [
  { calls: [{ name: 'locate', arguments: { city: 'Paris' }, callId: 'call_1' }] },
  { text: 'There.' },
];

async function statusOf(site: RunsSite, runId: string): Promise<string> {
  return (await readShown(await site.ask(`/runs/${runId}`))).view.status;
}

async function startWaiting(site: RunsSite, runId = 'run-1'): Promise<void> {
  await site.post('/runs', { runId, agent: 'support', input: 'Hi' });
  await until(async () => (await statusOf(site, runId)) === 'requires_action');
}

async function startDone(site: RunsSite, runId = 'run-1', user = 'ann'): Promise<void> {
  await site.post('/runs', { runId, agent: 'support', input: 'Hi' }, { user });
  await site.runner.get(runId)?.done();
}

describe('another owner’s id', () => {
  const routes: [method: string, path: string, body?: unknown][] = [
    ['GET', ''],
    ['GET', '/events'],
    ['GET', '/events?after=3'],
    ['POST', '/decisions', { decisions: [{ type: 'approve', callId: 'call_1' }], iteration: 0 }],
    ['POST', '/cancel', { reason: 'mine' }],
    ['POST', '/resume', {}],
    ['POST', '/calls/call_1/lease', {}],
    ['DELETE', ''],
    ['DELETE', '?branch=true&responses=true'],
  ];

  test.each(routes)(
    '%s /runs/{id}%s has the answer for a run that does not exist',
    async (method, path, body) => {
      await using site = await siteOf({ script: callRefund });
      await startWaiting(site);
      const foreign = await site.ask(`/runs/run-1${path}`, { method, body, user: 'eve' });
      const missing = await site.ask(`/runs/nothing${path}`, { method, body, user: 'eve' });
      expect(foreign.status).toBe(404);
      expect(missing.status).toBe(404);
      expect(await foreign.text()).toBe(await missing.text());
      expect([...foreign.headers.keys()]).toEqual([...missing.headers.keys()]);
      expect(await statusOf(site, 'run-1')).toBe('requires_action');
    },
  );

  test('inside `events?runs=` it is gone like an unknown one, and the own runs continue', async () => {
    await using site = await siteOf();
    await startDone(site, 'of-ann', 'ann');
    await startDone(site, 'of-eve', 'eve');
    const answer = await site.ask('/events?runs=of-ann:2,nothing:2,of-eve,not%20an%20id', { user: 'eve' });
    await using events = new EventMessages(answer);
    const messages = await events.until(({ event }) => event === 'end');
    const gone = messages.filter(({ event }) => event === 'gone').map(({ data }) => data);
    expect(gone.toSorted()).toEqual(['{"runId":"not an id"}', '{"runId":"nothing"}', '{"runId":"of-ann"}']);
    expect(messages.at(-1)).toMatchObject({ event: 'end', data: '{"runId":"of-eve"}' });
    expect(messages.map(({ data }) => data).join('\n')).not.toContain('ann"}}');
  });

  test('it is not in the list, and its position cannot be asked for', async () => {
    await using site = await siteOf();
    await startDone(site, 'of-eve', 'eve');
    await startDone(site, 'of-ann', 'ann');
    const list = await readList(await site.ask('/runs', { user: 'eve' }));
    expect(list.map(({ runId }) => runId)).toEqual(['of-eve']);
    const foreign = await site.ask('/runs?after=of-ann', { user: 'eve' });
    const missing = await site.ask('/runs?after=nothing', { user: 'eve' });
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await missing.text());
  });

  test('a run without an owner is visible to no visitor, even if `may` allows it', async () => {
    await using site = await siteOf({ may: () => true });
    await site.runner.start(agent, 'Hi', { runId: 'old' }).result();
    expect((await site.ask('/runs/old')).status).toBe(404);
    await site.runner.assignOwner('old', 'ann');
    expect((await site.ask('/runs/old')).status).toBe(200);
  });

  test('only `true` of `may` allows', async () => {
    // @ts-expect-error `may` returns a boolean. A site in JavaScript may return anything.
    await using site = await siteOf({ may: () => 'no' });
    await startDone(site);
    expect((await site.ask('/runs/run-1')).status).toBe(404);
  });

  test('a `may` that throws reveals nothing, and is reported', async () => {
    await using site = await siteOf({
      may: () => {
        throw new Error('the database of rights at 10.0.0.7 is down');
      },
    });
    await startDone(site);
    const failed = await site.ask('/runs/run-1');
    expect(failed.status).toBe(500);
    expect(await readError(failed)).toEqual({
      code: 'internal',
      message: 'The server failed. Try again later.',
    });
    expect(site.errors).toHaveLength(1);
  });
});

describe('a start', () => {
  async function refusal(body: unknown, options: SiteOptions = {}) {
    await using site = await siteOf(options);
    const answer = await site.post('/runs', body);
    const error = await readError(answer);
    expect(await site.runner.list()).toEqual([]);
    expect(site.api.requests).toEqual([]);
    expect(site.errors).toEqual([]);
    return { status: answer.status, ...error };
  }

  test('that continues another visitor’s run is refused like one that continues no run', async () => {
    await using site = await siteOf();
    await startDone(site, 'of-ann', 'ann');
    const foreign = await site.post('/runs', { ...start, continueFrom: 'of-ann' }, { user: 'eve' });
    const missing = await site.post('/runs', { ...start, continueFrom: 'nothing' }, { user: 'eve' });
    expect(foreign.status).toBe(404);
    expect(await foreign.text()).toBe(await missing.text());
    expect(await site.runner.list({ owner: 'eve' })).toEqual([]);
  });

  test.each(hostileInputs)('with %s in its input is refused', async (_, input) => {
    expect(await refusal({ ...start, input })).toMatchObject({ status: 400 });
  });

  test.each(hostileStarts)('%s is refused', async (_, body) => {
    expect(await refusal(body)).toMatchObject({ status: 400 });
  });

  test('of an agent that is not offered is refused like one of an agent that does not exist', async () => {
    expect(await refusal({ ...start, agent: 'internal' })).toEqual(
      await refusal({ ...start, agent: 'nobody' }),
    );
  });

  test('with a body that is too large is refused', async () => {
    const refused = await refusal({ ...start, input: 'x'.repeat(2_000) }, { limits: { inputBytes: 1_000 } });
    expect(refused).toMatchObject({ status: 413, code: 'request_too_large' });
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data'])(
    'of the type %s, which forms of other sites can send, is refused',
    async (type) => {
      await using site = await siteOf();
      const refused = await site.post('/runs', start, { headers: { 'content-type': type } });
      expect(refused.status).toBe(415);
      expect(await site.runner.list()).toEqual([]);
    },
  );

  test('with a taken id is refused with the same text for each owner', async () => {
    await using site = await siteOf();
    await startDone(site, 'run-1', 'ann');
    const other = await site.post('/runs', { ...start, input: 'Ho' }, { user: 'ann' });
    const same = await site.post('/runs', start, { user: 'eve' });
    expect(other.status).toBe(409);
    expect(same.status).toBe(409);
    expect(await same.text()).toBe(await other.text());
    expect(await site.runner.list()).toHaveLength(1);
  });

  test('a visitor’s metadata reaches `context` as untrusted, and is not sent', async () => {
    await using site = await siteOf();
    await site.post('/runs', { ...start, metadata: { plan: 'MARKER-METADATA' } });
    await site.runner.get('run-1')?.result();
    expect(JSON.stringify(site.api.requests)).not.toContain('MARKER-METADATA');
  });
});

describe('a decision', () => {
  const approve = { decisions: [{ type: 'approve', callId: 'call_1' }], iteration: 0 };

  test('with a stale iteration is refused, although the call has the same id', async () => {
    const again = { calls: [{ name: 'refund', arguments: { order: 'o2' }, callId: 'call_1' }] };
    await using site = await siteOf({ script: [callRefund[0] ?? {}, again, { text: 'Done.' }] });
    await startWaiting(site);
    expect((await site.post('/runs/run-1/decisions', approve)).status).toBe(202);
    await until(async () => {
      const { view } = await readShown(await site.ask('/runs/run-1'));
      return view.iteration === 1 && view.status === 'requires_action';
    });
    const denied = { decisions: [{ type: 'deny', callId: 'call_1' }], iteration: 0 };
    const stale = await site.post('/runs/run-1/decisions', denied);
    expect(stale.status).toBe(409);
    expect(await readError(stale)).toEqual({
      code: 'decision',
      message: 'The call call_1 of run run-1 is decided already ("approve"): "deny" does not apply to it.',
    });
    expect(await statusOf(site, 'run-1')).toBe('requires_action');
  });

  test('made twice executes the call once', async () => {
    let executed = 0;
    const counted = tool({
      name: 'refund',
      parameters: z.object({ order: z.string() }),
      needsApproval: true,
      execute: () => {
        executed += 1;
        return 'refunded';
      },
    });
    const counting = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [counted] });
    await using site = await siteOf({ script: callRefund, runnerAgents: [counting] });
    await startWaiting(site);
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => site.post('/runs/run-1/decisions', approve)),
    );
    expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
    await site.runner.get('run-1')?.result();
    expect((await site.post('/runs/run-1/decisions', approve)).status).toBe(202);
    expect(executed).toBe(1);
  });

  test('under another page’s lease is refused, and so is a second lease', async () => {
    await using site = await siteOf({ script: callLocate });
    await startWaiting(site);
    const leased = await site.post('/runs/run-1/calls/call_1/lease', {});
    const { leaseId } = z.object({ leaseId: z.string() }).parse(await leased.json());
    expect((await site.post('/runs/run-1/calls/call_1/lease', {})).status).toBe(409);
    expect((await site.post('/runs/run-1/calls/call_1/lease', { leaseId: 'guess' })).status).toBe(409);
    const output = { type: 'output', callId: 'call_1', output: 'here' };
    for (const foreign of [output, { ...output, leaseId: 'guess' }, { ...output, type: 'error' }]) {
      const body = { decisions: [foreign], iteration: 0 };
      expect((await site.post('/runs/run-1/decisions', body)).status).toBeGreaterThanOrEqual(400);
    }
    const { view } = await readShown(await site.ask('/runs/run-1'));
    expect(view.toolCalls).toMatchObject([{ status: 'awaiting_output' }]);
    const own = { decisions: [{ ...output, leaseId }], iteration: 0 };
    expect((await site.post('/runs/run-1/decisions', own)).status).toBe(202);
  });

  test.each([
    ['a file id', [{ type: 'input_file', file_id: 'file-1' }]],
    ['an image’s file id', [{ type: 'input_image', file_id: 'file-1' }]],
  ])('whose output refers to %s of the site is refused', async (_, output) => {
    await using site = await siteOf({ script: callLocate });
    await startWaiting(site);
    const body = { decisions: [{ type: 'output', callId: 'call_1', output }], iteration: 0 };
    expect((await site.post('/runs/run-1/decisions', body)).status).toBe(400);
    expect(await statusOf(site, 'run-1')).toBe('requires_action');
  });

  test.each([
    ['without an iteration', { decisions: approve.decisions }],
    ['with a negative iteration', { ...approve, iteration: -1 }],
    ['without decisions', { decisions: [], iteration: 0 }],
    ['of an unknown type', { decisions: [{ type: 'skip', callId: 'call_1' }], iteration: 0 }],
    [
      'with an unknown field',
      { decisions: [{ type: 'approve', callId: 'call_1', by: 'boss' }], iteration: 0 },
    ],
    ['for another person', { ...approve, by: 'boss' }],
  ])('%s is refused', async (_, body) => {
    await using site = await siteOf({ script: callRefund });
    await startWaiting(site);
    expect((await site.post('/runs/run-1/decisions', body)).status).toBe(400);
    expect(await statusOf(site, 'run-1')).toBe('requires_action');
  });
});

describe('a page of another site', () => {
  test.each([
    ['GET', '/runs', { 'sec-fetch-site': 'cross-site' }],
    ['POST', '/runs', { 'sec-fetch-site': 'cross-site' }],
    ['GET', '/events?runs=', { origin: 'https://evil.test' }],
    ['POST', '/runs/run-1/cancel', { origin: 'https://evil.test' }],
    ['DELETE', '/runs/run-1', { 'sec-fetch-site': 'same-site' }],
  ])('cannot send %s %s', async (method, path, headers) => {
    await using site = await siteOf({ script: callRefund });
    await startWaiting(site);
    const body = method === 'POST' ? {} : undefined;
    const refused = await site.ask(path, { method, body, headers });
    expect(refused.status).toBe(403);
    expect(refused.headers.get('access-control-allow-origin')).toBeNull();
    expect(await statusOf(site, 'run-1')).toBe('requires_action');
  });
});

test('a principal with ten thousand streams gets ten, and the others keep theirs', async () => {
  await using site = await siteOf();
  const handler = (user: string) => site.ask('/events?runs=', { user });
  const open = await Promise.all(Array.from({ length: 10 }, () => handler('eve')));
  expect(open.every(({ status }) => status === 200)).toBe(true);
  for (let round = 0; round < 100; round += 1) {
    const more = await Promise.all(Array.from({ length: 100 }, () => handler('eve')));
    expect(new Set(more.map(({ status }) => status))).toEqual(new Set([429]));
    await Promise.all(more.map((answer) => answer.arrayBuffer()));
  }
  const refused = await handler('eve');
  expect(refused.headers.get('retry-after')).toBe('10');
  expect(await readError(refused)).toMatchObject({ code: 'rate_limit_exceeded' });
  const other = await handler('ann');
  expect(other.status).toBe(200);
  await other.body?.cancel();
  await open.at(0)?.body?.cancel();
  await until(async () => {
    const again = await handler('eve');
    await again.body?.cancel();
    return again.status === 200;
  });
  await Promise.all(open.slice(1).map(async ({ body }) => body?.cancel()));
});

test('a visitor without an identity, and one that the site refuses, get a 401', async () => {
  await using site = await siteOf();
  const unknown = await fetch(`${site.url}/runs`);
  expect(unknown.status).toBe(401);
  expect(await unknown.text()).toBe('Who are you?');
  // @ts-expect-error A site in JavaScript may return undefined.
  await using careless = await siteOf({ authorize: () => undefined });
  const refused = await careless.ask('/runs');
  expect(refused.status).toBe(401);
  expect(await readError(refused)).toMatchObject({ code: 'unauthorized' });
});
