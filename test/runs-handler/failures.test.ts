import {
  createRunner,
  defineAgent,
  fetchClient,
  memoryStore,
  StoreError,
  tool,
  type RunStore,
} from '@longhaul/core';
import { manualClock } from '@longhaul/core/testing';
import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { until } from '../proxy/until.ts';
import { readError, readShown } from './read-answers.ts';
import { startRunsSite } from './runs-site.ts';

const start = { runId: 'run-1', agent: 'support', input: 'Hi' };
const locate = tool({ name: 'locate', parameters: z.object({}) });
const asking = defineAgent({ name: 'support', model: 'gpt-6-astra', tools: [locate] });
const callLocate = [{ calls: [{ name: 'locate', callId: 'call_1' }] }, { text: 'There.' }];
const answerCall = { decisions: [{ type: 'output', callId: 'call_1', output: 'Paris' }], iteration: 0 };

/** A store whose loads fail and whose commits wait, as `state` sets. */
function troubledStore() {
  const store = memoryStore();
  const state = { loads: 'ok' as 'ok' | 'fail', commits: 'ok' as 'ok' | 'wait' };
  const troubled: RunStore = {
    ...store,
    load: (runId) =>
      state.loads === 'ok'
        ? store.load(runId)
        : Promise.reject(new StoreError('unavailable', '10.0.0.7 is down')),
    commit: async (change) => {
      await until(() => state.commits === 'ok');
      return store.commit(change);
    },
  };
  return { store, state, troubled };
}

describe('a store that is not available', () => {
  test('is a 503 that may be repeated, without the error of the store', async () => {
    const { store, state, troubled } = troubledStore();
    const clock = manualClock();
    await using one = await startRunsSite({ store });
    await one.post('/runs', start);
    await one.runner.get('run-1')?.result();
    await using two = await startRunsSite({ store: troubled, api: one.api, clock });
    state.loads = 'fail';
    for (const path of ['/runs/run-1', '/runs/run-1/events']) {
      const answer = two.ask(path);
      let isAnswered = false;
      void answer.finally(() => (isAnswered = true));
      await until(async () => {
        await clock.advance(1_000);
        return isAnswered;
      });
      const refused = await answer;
      expect(refused.status).toBe(503);
      expect(refused.headers.get('retry-after')).toBe('2');
      expect(await readError(refused)).toEqual({
        code: 'unavailable',
        message: 'The server cannot read or save the run now. Send the request again.',
      });
    }
    state.loads = 'ok';
    await until(async () => (await two.ask('/runs/run-1')).status === 200);
    await until(() => two.runner.runs.length === 0);
  });

  test('does not keep a decision from being answered, and the decision still takes effect', async () => {
    const { state, troubled } = troubledStore();
    const clock = manualClock();
    await using site = await startRunsSite({
      runnerAgents: [asking],
      script: callLocate,
      store: troubled,
      clock,
    });
    await site.post('/runs', start);
    await until(async () => (await site.runner.read('run-1'))?.status === 'requires_action');
    state.commits = 'wait';
    let isAnswered = false;
    const answer = site.post('/runs/run-1/decisions', answerCall);
    void answer.finally(() => (isAnswered = true));
    await until(async () => {
      await clock.advance(1_000);
      return isAnswered;
    });
    expect((await answer).status).toBe(202);
    expect((await readShown(await answer)).view.toolCalls).toMatchObject([{ status: 'awaiting_output' }]);
    state.commits = 'ok';
    expect(await site.runner.get('run-1')?.result()).toMatchObject({ text: 'There.' });
    expect((await site.post('/runs/run-1/decisions', answerCall)).status).toBe(202);
  });
});

describe('the functions of the site', () => {
  test('an `authorize` that throws is reported, and the visitor sees no detail', async () => {
    const failure = new Error('no session for cookie 1234');
    await using site = await startRunsSite({
      authorize: () => {
        throw failure;
      },
    });
    const failed = await site.ask('/runs');
    expect(failed.status).toBe(500);
    expect(await readError(failed)).toEqual({
      code: 'internal',
      message: 'The server failed. Try again later.',
    });
    expect(site.errors).toEqual([failure]);
  });

  test.each([
    [
      'throws',
      () => {
        throw new Error('the log is full');
      },
    ],
    ['rejects', () => Promise.reject(new Error('the log is full'))],
  ])('an `onError` that %s does not change the answer, and its error is handled', async (_, onError) => {
    await using site = await startRunsSite({
      may: () => {
        throw new Error('down');
      },
      onError,
    });
    await site.post('/runs', start);
    expect((await site.ask('/runs/run-1')).status).toBe(500);
  });
});

test('a run that this server cannot drive is not resumed, and the reason is reported', async () => {
  const store = memoryStore();
  await using site = await startRunsSite({ runnerAgents: [asking], script: callLocate, store });
  const other = createRunner({
    client: fetchClient({ baseURL: 'http://api.test/v1', fetch: site.api.fetch }),
    agents: [asking],
    store,
  });
  const run = other.start('support', 'Hi', { runId: 'run-1', owner: 'ann', context: { user: 'ann' } });
  await until(() => run.view.status === 'requires_action');
  await other.close({ graceMs: 0 });
  const refused = await site.post('/runs/run-1/resume', {});
  expect(refused.status).toBe(409);
  expect(await readError(refused)).toEqual({
    code: 'conflict',
    message: 'This server cannot drive the run.',
  });
  expect(site.errors).toMatchObject([{ code: 'context_missing' }]);
});
