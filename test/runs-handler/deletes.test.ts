import { memoryStore, type RunStore } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { until } from '../proxy/until.ts';
import { EventMessages } from './event-messages.ts';
import { readError } from './read-answers.ts';
import { startRunsSite, type RunsSite, type SiteOptions } from './runs-site.ts';

const remove = { method: 'DELETE' };

/** Runs that have ended: `b` and `c` continue `a`, `d` continues `b`. Ann has started all but those of `owners`. */
async function conversation(
  options: SiteOptions = {},
  owners: Readonly<Record<string, string>> = {},
): Promise<RunsSite> {
  const site = await startRunsSite({ script: () => ({ text: 'Done.' }), ...options });
  await endRun(site, 'a', undefined, owners['a']);
  for (const [runId, before] of [
    ['b', 'a'],
    ['c', 'a'],
    ['d', 'b'],
  ] as const)
    await endRun(site, runId, before, owners[runId]);
  return site;
}

async function endRun({ runner }: RunsSite, runId: string, continueFrom?: string, owner = 'ann') {
  await runner.start('support', 'Hi', { runId, owner, ...(continueFrom && { continueFrom }) }).result();
}

async function idsOf({ runner }: RunsSite): Promise<string[]> {
  return (await runner.list()).map(({ runId }) => runId).toSorted();
}

/** Starts a run that continues `d`, and waits until it is active. */
async function startActive({ runner }: RunsSite, owner: string): Promise<void> {
  runner.start('support', 'Wait', { runId: 'e', owner, continueFrom: 'd' });
  await until(async () => (await runner.read('e'))?.status === 'in_progress');
}

/** The fifth response is still running after an hour. */
function slowLast(): SiteOptions {
  let creates = 0;
  return { script: () => ({ text: 'Done.', runMs: (creates += 1) < 5 ? 5 : 3_600_000 }) };
}

test('a run that other runs continue is a conflict, and the answer has neither their number nor their ids', async () => {
  await using site = await conversation({}, { c: 'eve' });
  for (const runId of ['a', 'b']) {
    const refused = await site.ask(`/runs/${runId}`, remove);
    expect(refused.status).toBe(409);
    expect(await readError(refused)).toEqual({
      code: 'has_successors',
      message: 'Other runs continue this run. Delete them first, or delete the branch with `branch=true`.',
    });
  }
  expect(await idsOf(site)).toEqual(['a', 'b', 'c', 'd']);
  expect((await site.ask('/runs/d?branch=false', remove)).status).toBe(204);
  expect((await site.ask('/runs/b', remove)).status).toBe(204);
  expect(await idsOf(site)).toEqual(['a', 'c']);
});

test('a branch is deleted, and pages that watch its runs are notified', async () => {
  await using site = await conversation();
  await using lists = new EventMessages(await site.ask('/events?runs='));
  expect((await site.ask('/runs/b?branch=true', remove)).status).toBe(204);
  expect(await idsOf(site)).toEqual(['a', 'c']);
  expect(await lists.next()).toMatchObject({ event: 'list' });
  await using events = new EventMessages(await site.ask('/events?runs=a,b,d'));
  const messages = await events.until(({ event }) => event === 'end');
  const rest = messages.filter(({ event }) => event === 'gone').length === 2 ? [] : [await events.next()];
  const gone = [...messages, ...rest].filter((message) => message?.event === 'gone');
  expect(gone.map((message) => String(message?.data)).toSorted()).toEqual(['{"runId":"b"}', '{"runId":"d"}']);
  for (const runId of ['b', 'd']) expect((await site.ask(`/runs/${runId}`)).status).toBe(404);
  expect((await site.ask('/runs/b?branch=true', remove)).status).toBe(404);
});

describe('a branch with a run of another owner', () => {
  const refusal = {
    code: 'has_successors',
    message: 'Other runs continue this run, and you may not delete all of them.',
  };

  test.each([
    ['the run has ended', 'd', false],
    ['the run is active', 'e', true],
    ['an own run of the branch is active too', 'd', true],
  ])('is not deleted, and the answer is the same if %s', async (_when, foreign, isActive) => {
    await using site = await conversation(slowLast(), { [foreign]: 'eve' });
    if (isActive) await startActive(site, foreign === 'e' ? 'eve' : 'ann');
    const before = await idsOf(site);
    const refused = await site.ask('/runs/a?branch=true&responses=true', remove);
    expect(refused.status).toBe(409);
    expect(await readError(refused)).toEqual(refusal);
    expect(await idsOf(site)).toEqual(before);
    expect(site.api.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('is deleted by a visitor who may delete all of its runs, and both lists change', async () => {
    const asked: string[] = [];
    const may: SiteOptions['may'] = (user, { owner, runId }, action) => {
      if (action === 'delete') asked.push(runId);
      return user === 'staff' || owner === user;
    };
    await using site = await conversation({ may }, { d: 'eve' });
    await using ofAnn = new EventMessages(await site.ask('/events?runs='));
    await using ofEve = new EventMessages(await site.ask('/events?runs=', { user: 'eve' }));
    expect((await site.ask('/runs/a?branch=true', { ...remove, user: 'staff' })).status).toBe(204);
    expect(new Set(asked)).toEqual(new Set(['a', 'b', 'c', 'd']));
    expect(await idsOf(site)).toEqual([]);
    expect([(await ofAnn.next())?.event, (await ofEve.next())?.event]).toEqual(['list', 'list']);
  });

  test('cannot be deleted from the run of the other owner', async () => {
    await using site = await conversation({}, { a: 'eve' });
    const foreign = await site.ask('/runs/a?branch=true', remove);
    const missing = await site.ask('/runs/none?branch=true', remove);
    expect([foreign.status, missing.status]).toEqual([404, 404]);
    expect(await foreign.text()).toBe(await missing.text());
    expect(await idsOf(site)).toEqual(['a', 'b', 'c', 'd']);
  });

  test('that starts during the check of rights is kept', async () => {
    let site: RunsSite | undefined;
    let isStarted = false;
    const may: SiteOptions['may'] = async (user, { owner, runId }, action) => {
      if (action === 'delete' && runId === 'd' && site !== undefined && !isStarted) {
        isStarted = true;
        await endRun(site, 'late', 'd', 'eve');
      }
      return owner === user;
    };
    await using opened = await conversation({ may });
    site = opened;
    expect((await opened.ask('/runs/a?branch=true', remove)).status).toBe(204);
    expect(await idsOf(opened)).toEqual(['late']);
  });
});

test('a branch with an active run is a conflict that names the run', async () => {
  await using site = await conversation(slowLast());
  await startActive(site, 'ann');
  const refused = await site.ask('/runs/b?branch=true', remove);
  expect(refused.status).toBe(409);
  expect(await readError(refused)).toEqual({
    code: 'active',
    message: 'Run e, which is after run b, is in_progress. Cancel it before you delete the branch.',
  });
  for (const [query, code] of [
    ['', 'run_active'],
    ['?branch=true', 'active'],
  ]) {
    const itself = await site.ask(`/runs/e${query}`, remove);
    expect([itself.status, (await readError(itself)).code]).toEqual([409, code]);
  }
  expect(await idsOf(site)).toEqual(['a', 'b', 'c', 'd', 'e']);
});

test.each(['?branch=yes', '?branch', '?responses=1', '?tree=true', '?branch=true&branch=true'])(
  'the query %s is refused, and nothing is deleted',
  async (query) => {
    await using site = await conversation();
    const refused = await site.ask(`/runs/d${query}`, remove);
    expect(refused.status).toBe(400);
    expect(await readError(refused)).toMatchObject({ code: 'invalid_request' });
    expect(await idsOf(site)).toEqual(['a', 'b', 'c', 'd']);
  },
);

describe('the responses at the API', () => {
  test('are deleted with a branch', async () => {
    await using site = await conversation();
    expect((await site.ask('/runs/b?branch=true&responses=true', remove)).status).toBe(204);
    expect(site.api.requests.filter(({ method }) => method === 'DELETE')).toHaveLength(2);
    expect(await idsOf(site)).toEqual(['a', 'c']);
  });

  test('stay without `responses=true`', async () => {
    await using site = await conversation();
    expect((await site.ask('/runs/a?branch=true&responses=false', remove)).status).toBe(204);
    expect(site.api.requests.filter(({ method }) => method === 'DELETE')).toEqual([]);
  });

  test('that the API refuses to delete keep the run, and the visitor receives no id of the API', async () => {
    await using site = await conversation({
      emulator: { faults: [{ fault: 'http', on: 'delete', status: 400, message: 'No: resp_secret.' }] },
    });
    const refused = await site.ask('/runs/d?responses=true', remove);
    expect(refused.status).toBe(502);
    expect(await readError(refused)).toEqual({
      code: 'delete_failed',
      message: 'The API did not delete all responses, so no run is deleted. Send the request again.',
    });
    expect(site.errors).toMatchObject([{ code: 'delete_failed' }]);
    expect(await idsOf(site)).toEqual(['a', 'b', 'c', 'd']);
    expect((await site.ask('/runs/d?responses=true', remove)).status).toBe(204);
  });
});

test('a store that fails in the middle of a branch keeps its first run, and the request can be repeated', async () => {
  const memory = memoryStore();
  let failures = 1;
  const store: RunStore = {
    ...memory,
    delete: async (runId) => {
      if (runId === 'b' && (failures -= 1) >= 0) throw new Error('the disk is full');
      await memory.delete(runId);
    },
  };
  await using site = await conversation({ store });
  expect((await site.ask('/runs/a?branch=true', remove)).status).toBe(500);
  expect(await idsOf(site)).toEqual(['a', 'b', 'c'].filter((runId) => runId !== 'c'));
  expect((await site.ask('/runs/a?branch=true', remove)).status).toBe(204);
  expect(await idsOf(site)).toEqual([]);
});
