import { defineAgent, memoryStore, StoreError, type RunStore } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { readError, readShown } from './read-answers.ts';
import { startRunsSite, type RunsSite, type SiteOptions } from './runs-site.ts';

const support = defineAgent({ name: 'support', model: 'gpt-6-astra', instructions: 'Be kind.' });
const billing = defineAgent({ name: 'billing', model: 'gpt-6-astra' });

const threadList = z.strictObject({
  threads: z.array(
    z.strictObject({
      ...{ threadId: z.string(), title: z.string(), status: z.string() },
      ...{ updatedAt: z.number(), runs: z.number() },
    }),
  ),
});
const threadRuns = z.strictObject({
  runs: z.array(
    z.strictObject({
      ...{ runId: z.string(), agent: z.string(), status: z.string(), createdAt: z.number() },
      ...{
        continues: z.string().optional(),
        isRetry: z.literal(true).optional(),
        owner: z.string().optional(),
      },
    }),
  ),
});
const summaries = z.strictObject({ runs: z.array(z.looseObject({ runId: z.string() })) });

function siteOf(options: SiteOptions = {}): Promise<RunsSite> {
  const script = Array.from({ length: 9 }, () => ({ text: 'Done.' }));
  return startRunsSite({
    runnerAgents: [support, billing],
    agents: ['support', 'billing'],
    script,
    ...options,
  });
}

interface Start {
  readonly user?: string;
  readonly agent?: string;
  readonly input?: string;
  readonly more?: object;
}

/** Starts a run, and waits for its end. */
async function startDone(site: RunsSite, runId: string, start: Start = {}): Promise<void> {
  const { user = 'ann', agent = 'support', input = `About ${runId}`, more } = start;
  const answer = await site.post('/runs', { runId, agent, input, ...more }, { user });
  expect(answer.status).toBe(201);
  await site.runner.get(runId)?.done();
}

const threadsOf = async (answer: Response) => threadList.parse(await answer.json()).threads;
const runsOf = async (answer: Response) => threadRuns.parse(await answer.json()).runs;
const idsOf = async (answer: Response) => summaries.parse(await answer.json()).runs.map(({ runId }) => runId);

/** Two conversations of ann, one with a second turn and a retry, and one of eve. */
async function fill(site: RunsSite): Promise<void> {
  await startDone(site, 'trip', { more: { title: 'Rome' } });
  await startDone(site, 'back', { more: { continueFrom: 'trip' } });
  await startDone(site, 'again', { input: '', more: { continueFrom: 'back' } });
  await startDone(site, 'bill', { agent: 'billing' });
  await startDone(site, 'of-eve', { user: 'eve' });
}

describe('GET …/threads', () => {
  test('lists the visitor’s own conversations, newest first, by agent and in pages', async () => {
    await using site = await siteOf();
    await fill(site);
    const all = await threadsOf(await site.ask('/threads'));
    expect(all).toEqual([
      {
        ...{ threadId: 'bill', title: 'About bill', status: 'completed' },
        updatedAt: expect.any(Number),
        runs: 1,
      },
      { ...{ threadId: 'trip', title: 'Rome', status: 'completed' }, updatedAt: expect.any(Number), runs: 3 },
    ]);
    expect(await threadsOf(await site.ask('/threads?limit=1'))).toEqual(all.slice(0, 1));
    expect(await threadsOf(await site.ask('/threads?limit=1&after=bill'))).toEqual(all.slice(1));
    expect(await threadsOf(await site.ask('/threads?agent=support'))).toEqual(all.slice(1));
    expect(await threadsOf(await site.ask('/threads?after=trip'))).toEqual([]);
    expect(await threadsOf(await site.ask('/threads', { user: 'bob' }))).toEqual([]);
  });

  test('counts and shows only runs that the visitor may read', async () => {
    const hidden = new Set<string>();
    await using site = await siteOf({
      may: (user, { owner, runId }) => user === owner && !hidden.has(runId),
    });
    await fill(site);
    for (const runId of ['trip', 'again', 'bill']) hidden.add(runId);
    const [thread, ...others] = await threadsOf(await site.ask('/threads'));
    expect(thread).toMatchObject({ threadId: 'trip', title: 'About back', runs: 1 });
    expect(others).toEqual([]);
    expect(JSON.stringify(await threadsOf(await site.ask('/threads')))).not.toContain('Rome');
  });

  test.each(['?limit=-1', '?limit=x', '?limit=1001', '?owner=eve', '?status=completed', '?limit=1&limit=2'])(
    'refuses the query %s',
    async (query) => {
      await using site = await siteOf();
      const answer = await site.ask(`/threads${query}`);
      expect(answer.status).toBe(400);
      expect((await readError(answer)).code).toBe('invalid_request');
    },
  );
});

describe('GET …/threads/{threadId}', () => {
  test('has the runs of the conversation as a tree, oldest first', async () => {
    await using site = await siteOf();
    await fill(site);
    const run = { agent: 'support', owner: 'ann', status: 'completed', createdAt: expect.any(Number) };
    expect(await runsOf(await site.ask('/threads/trip'))).toEqual([
      { runId: 'trip', ...run },
      { runId: 'back', continues: 'trip', ...run },
      { runId: 'again', continues: 'back', isRetry: true, ...run },
    ]);
    expect((await site.ask('/threads/trip?limit=1')).status).toBe(400);
    expect((await site.ask('/threads/trip', { method: 'DELETE' })).status).toBe(405);
  });

  test('has only the runs that the visitor may read, for each visitor', async () => {
    const isStaff = (user: string): boolean => user === 'staff';
    await using site = await siteOf({
      may: (user, { owner, agent }) => user === owner || (isStaff(user) && agent === 'support'),
    });
    await fill(site);
    await startDone(site, 'bill-2', { agent: 'billing', more: { continueFrom: 'again' } });
    expect((await runsOf(await site.ask('/threads/trip'))).length).toBe(4);
    const staff = await runsOf(await site.ask('/threads/trip', { user: 'staff' }));
    expect(staff.map(({ runId }) => runId)).toEqual(['trip', 'back', 'again']);
    expect((await site.ask('/threads/bill', { user: 'staff' })).status).toBe(404);
    // The list has only the visitor's own runs.
    expect(await threadsOf(await site.ask('/threads', { user: 'staff' }))).toEqual([]);
  });

  test('finds a conversation whose id has any characters, and no run whose id no route accepts', async () => {
    await using site = await siteOf();
    const threadId = 'Überfahrt/1 ?&%';
    await site.runner.start(support, 'Hi', { runId: 'one', threadId, owner: 'ann' }).done();
    await site.runner.start(support, 'Hi', { runId: 'no route', threadId, owner: 'ann' }).done();
    const runs = await runsOf(await site.ask(`/threads/${encodeURIComponent(threadId)}`));
    expect(runs.map(({ runId }) => runId)).toEqual(['one']);
    expect(await idsOf(await site.ask(`/runs?threadId=${encodeURIComponent(threadId)}`))).toEqual(['one']);
  });
});

describe('GET …/runs?threadId=', () => {
  test('lists the visitor’s own runs of a conversation, with the other filters', async () => {
    await using site = await siteOf();
    await fill(site);
    expect(await idsOf(await site.ask('/runs?threadId=trip'))).toEqual(['again', 'back', 'trip']);
    expect(await idsOf(await site.ask('/runs?threadId=trip&limit=1&after=again'))).toEqual(['back']);
    expect(await idsOf(await site.ask('/runs?threadId=trip&agent=billing'))).toEqual([]);
    expect(await idsOf(await site.ask('/runs?threadId=gone'))).toEqual([]);
  });
});

describe('another owner’s conversation', () => {
  test('has the answer for a conversation that does not exist, on each route', async () => {
    await using site = await siteOf();
    await fill(site);
    for (const path of ['/threads/$', '/runs?threadId=$', '/threads?after=$']) {
      const [foreign, missing] = [path.replace('$', 'trip'), path.replace('$', 'nothing')];
      const answers = [await site.ask(foreign, { user: 'eve' }), await site.ask(missing, { user: 'eve' })];
      const [one, other] = await Promise.all(answers.map((answer) => answer.text()));
      expect(one).toBe(other);
      expect(answers[0]?.status).toBe(answers[1]?.status);
      expect([...(answers[0]?.headers.keys() ?? [])]).toEqual([...(answers[1]?.headers.keys() ?? [])]);
    }
    const refusal = await readError(await site.ask('/threads/trip', { user: 'eve' }));
    expect(refusal).toEqual(await readError(await site.ask('/runs/nothing', { user: 'eve' })));
    const own = await threadsOf(await site.ask('/threads', { user: 'eve' }));
    expect(own.map(({ threadId }) => threadId)).toEqual(['of-eve']);
  });

  test('is not changed by a run of this visitor, even if the site’s own code has added one', async () => {
    await using site = await siteOf();
    await fill(site);
    await site.runner.start(support, 'Hi', { runId: 'guest', threadId: 'trip', owner: 'eve' }).done();
    const eve = { user: 'eve' };
    expect((await runsOf(await site.ask('/threads/trip', eve))).map(({ runId }) => runId)).toEqual(['guest']);
    const [thread] = await threadsOf(await site.ask('/threads', eve));
    expect(thread).toMatchObject({ threadId: 'trip', title: 'Hi', runs: 1 });
    expect((await runsOf(await site.ask('/threads/trip'))).map(({ runId }) => runId)).not.toContain('guest');
  });

  test('without an owner is visible to no visitor, even if `may` allows it', async () => {
    await using site = await siteOf({ may: () => true });
    await site.runner.start(support, 'Hi', { runId: 'old' }).done();
    expect((await site.ask('/threads/old')).status).toBe(404);
    expect(await threadsOf(await site.ask('/threads'))).toEqual([]);
    await site.runner.assignOwner('old', 'ann');
    expect((await runsOf(await site.ask('/threads/old'))).length).toBe(1);
    expect((await threadsOf(await site.ask('/threads'))).length).toBe(1);
  });
});

test.each(['/threads', '/threads/trip', '/runs?threadId=trip'])(
  '%s is refused for visitors without an identity and for pages of other sites',
  async (path) => {
    await using site = await siteOf({
      authorize: (request) =>
        request.headers.get('x-user') === 'ann' ? 'ann' : new Response('Who are you?', { status: 401 }),
    });
    await startDone(site, 'trip');
    expect((await site.ask(path)).status).toBe(200);
    expect((await site.ask(path, { user: 'eve' })).status).toBe(401);
    const other = { headers: { origin: 'https://evil.example' } };
    expect((await site.ask(path, other)).status).toBe(403);
  },
);

test.each(['/threads', '/threads/trip', '/runs?threadId=trip'])(
  '%s is a 503 that may be repeated if the store is not available',
  async (path) => {
    const memory = memoryStore();
    const broken: { by?: Error } = {};
    const failing = <Result>(call: () => Promise<Result>): Promise<Result> =>
      broken.by === undefined ? call() : Promise.reject(broken.by);
    const store: RunStore = {
      ...memory,
      list: (filter) => failing(() => memory.list(filter)),
      listThreadRuns: (threadId) => failing(() => memory.listThreadRuns(threadId)),
      listThreads: (filter) => failing(() => memory.listThreads(filter)),
    };
    await using site = await siteOf({ store });
    await startDone(site, 'trip');
    broken.by = new StoreError('unavailable', 'SECRET-HOST refused the connection');
    const answer = await site.ask(path);
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).not.toBeNull();
    expect(JSON.stringify(await readError(answer))).not.toContain('SECRET');
    expect(site.errors).toHaveLength(1);
  },
);

test('a page sees its own metadata in lists and views, and never the server’s', async () => {
  await using site = await siteOf();
  await startDone(site, 'mine', { more: { metadata: { page: 'home' } } });
  await site.runner
    .start(support, 'Hi', {
      runId: 'both',
      owner: 'ann',
      metadata: { tenant: 'SECRET' },
      untrusted: { page: 'cart' },
    })
    .done();
  await site.runner
    .start(support, 'Hi', { runId: 'server', owner: 'ann', metadata: { tenant: 'SECRET' } })
    .done();
  const expected = { server: {}, both: { page: 'cart' }, mine: { page: 'home' } };
  const { runs } = summaries.parse(await (await site.ask('/runs')).json());
  expect(Object.fromEntries(runs.map(({ runId, metadata }) => [runId, metadata]))).toEqual(expected);
  for (const run of runs) expect(run).not.toHaveProperty('untrusted');
  for (const [runId, metadata] of Object.entries(expected)) {
    const { view } = await readShown(await site.ask(`/runs/${runId}`));
    expect(view).toMatchObject({ metadata, threadId: runId, owner: 'ann' });
    expect(view).not.toHaveProperty('untrusted');
  }
  const events = await (await site.ask('/runs/both/events?after=0')).text();
  expect(events).toContain('cart');
  for (const path of ['/runs', '/threads', '/runs/both', '/runs/server', '/threads/both']) {
    expect(await (await site.ask(path)).text()).not.toContain('SECRET');
  }
  expect(events).not.toContain('SECRET');
});

test('a page sees no instructions of the input in lists', async () => {
  await using site = await siteOf({
    input: (_user, input) => [
      { role: 'developer', content: 'SECRET: be brief.' },
      { role: 'user', content: String(input) },
    ],
  });
  await startDone(site, 'trip', { input: 'To Rome' });
  for (const path of ['/runs', '/threads', '/runs/trip']) {
    const text = await (await site.ask(path)).text();
    expect(text).toContain('To Rome');
    expect(text).not.toContain('SECRET');
  }
});

test('a conversation of hundreds of runs is listed with at most 300 bytes for each run', async () => {
  const store = memoryStore();
  const runs = 300;
  await using site = await siteOf({ store });
  const owner = crypto.randomUUID();
  const first = await site.runner
    .start(support, 'x'.repeat(1_000), { owner, title: 't'.repeat(200) })
    .result();
  const saved = await store.load(first.runId);
  if (saved === undefined) throw new Error('The run is saved.');
  let continues = first.runId;
  for (let n = 1; n < runs; n += 1) {
    const [runId, commitId] = [crypto.randomUUID(), crypto.randomUUID()];
    const head = { ...saved.head, runId, commitId, threadId: first.runId, continues, revision: 1 };
    await store.commit({ runId, revision: 1, commitId, head, append: [] });
    continues = runId;
  }
  const answer = await site.ask(`/threads/${first.runId}`, { user: owner });
  const text = await answer.text();
  expect(threadRuns.parse(JSON.parse(text)).runs).toHaveLength(runs);
  expect(text.length / runs).toBeLessThanOrEqual(300);
});
