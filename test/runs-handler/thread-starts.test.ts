import { defineAgent } from '@longhaul/core';
import { expect, test } from 'vitest';
import { readError, readShown } from './read-answers.ts';
import { startRunsSite, type RunsSite } from './runs-site.ts';

const support = defineAgent({ name: 'support', model: 'gpt-6-astra' });

async function siteWithThread(): Promise<RunsSite> {
  const script = Array.from({ length: 9 }, () => ({ text: 'Done.' }));
  const site = await startRunsSite({ runnerAgents: [support], script });
  const answer = await start(site, 'ann', { runId: 'first', title: 'My trip' });
  expect(answer.status).toBe(201);
  await site.runner.get('first')?.done();
  return site;
}

const start = (site: RunsSite, user: string, more: object): Promise<Response> =>
  site.post('/runs', { agent: 'support', input: 'Hi', ...more }, { user });

test('a run inherits the thread of the run that it continues, and may name it', async () => {
  await using site = await siteWithThread();
  const inherits = await readShown(await start(site, 'ann', { runId: 'a', continueFrom: 'first' }));
  const names = await readShown(
    await start(site, 'ann', { runId: 'b', continueFrom: 'first', threadId: 'first' }),
  );
  const sibling = await readShown(await start(site, 'ann', { runId: 'c', threadId: 'first' }));
  expect([inherits, names, sibling].map(({ view }) => [view['threadId'], view['continues']])).toEqual([
    ['first', 'first'],
    ['first', 'first'],
    ['first', undefined],
  ]);
});

test('the thread of another owner is answered like a run that does not exist, and starts nothing', async () => {
  await using site = await siteWithThread();
  const foreign = await start(site, 'bob', { runId: 'mine', threadId: 'first' });
  const unknown = await start(site, 'bob', { runId: 'mine', continueFrom: 'none' });
  expect([foreign.status, await readError(foreign)]).toEqual([404, await readError(unknown)]);
  expect(await site.runner.read('mine')).toBeUndefined();
  // A thread without runs belongs to the visitor who starts its first run.
  expect((await start(site, 'bob', { runId: 'mine', threadId: 'new' })).status).toBe(201);
  expect((await start(site, 'ann', { runId: 'hers', threadId: 'new' })).status).toBe(404);
});

test('a first run whose id was the thread of another owner became a part of that thread', async () => {
  await using site = await siteWithThread();
  expect((await start(site, 'ann', { runId: 'hers', threadId: 'trip' })).status).toBe(201);
  expect((await start(site, 'bob', { runId: 'trip' })).status).toBe(404);
  expect(await site.runner.listThreadRuns('trip')).toMatchObject([{ runId: 'hers', owner: 'ann' }]);
  expect((await start(site, 'ann', { runId: 'trip' })).status).toBe(201);
});

test.each([
  ['another thread than that of the continued run', { continueFrom: 'first', threadId: 'other' }],
  ['a thread that cannot be an id', { threadId: 'a/b' }],
  ['an empty title', { title: '' }],
  ['a long title', { title: 'x'.repeat(201) }],
  ['a title that is not a text', { title: 1 }],
])('%s is answered 400, and starts nothing', async (_, more) => {
  await using site = await siteWithThread();
  expect((await start(site, 'ann', { runId: 'mine', ...more })).status).toBe(400);
  expect(await site.runner.read('mine')).toBeUndefined();
});
