import { fetchClient } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { watched } from './drive.ts';
import { executed } from './scripted-run.ts';
import { world } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };

describe('invalid credentials', () => {
  test('stop driving while a response is pending, and the run completes after they are replaced', async () => {
    const { agent, boot, until, settle, emulator, answer, executions, clock } = world({ apiKey: 'right' });
    let key = 'right';
    const fetch = emulator.fetch;
    const client = fetchClient({ baseURL: 'http://openai.test/v1', apiKey: () => key, fetch });
    const { runner } = boot({ client, mode: 'poll' });
    const run = runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    key = 'revoked';
    const result = watched(run.result());
    await until(() => result.settled);
    expect(result.error).toMatchObject({ name: 'LonghaulError', code: 'unauthorized' });
    expect(String(result.error)).not.toContain('revoked');
    expect(run.view).toMatchObject({ driver: 'none', waiting: { error: { status: 401 } } });
    const { length } = emulator.requests;
    await clock.advance(3_600_000);
    expect(emulator.requests).toHaveLength(length);
    key = 'right';
    await settle(runner.resume(agent, 'run-1'));
    expect((await settle(run.result())).text).toBe(answer);
    expect(executed(executions)).toEqual(everyToolOnce);
  });

  test('are requested once more if they come from a function', async () => {
    const { agent, boot, until, settle, emulator, answer } = world({ apiKey: 'second' });
    let asked = 0;
    // The second request gets an expired key.
    const client = fetchClient({
      baseURL: 'http://openai.test/v1',
      headers: () => ({ authorization: `Bearer ${asked++ === 1 ? 'first' : 'second'}` }),
      fetch: emulator.fetch,
    });
    const run = boot({ client, mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => asked > 2);
    expect((await settle(run.result())).text).toBe(answer);
  });

  test('fail the run at its first create', async () => {
    const { agent, boot, settle, emulator } = world({ apiKey: 'right' });
    const client = fetchClient({ baseURL: 'http://openai.test/v1', apiKey: 'wrong', fetch: emulator.fetch });
    const run = boot({ client }).runner.start(agent, 'Paris?');
    await expect(settle(run.result())).rejects.toMatchObject({
      name: 'RunFailedError',
      code: 'invalid_api_key',
    });
  });
});

describe('a run that no process drove for longer than its limits', () => {
  test.each(['poll', 'stream'] as const)(
    'retrieves the response before it applies a limit, because the response may be complete (%s)',
    async (mode) => {
      const { agent, boot, until, settle, clock, answer, sent } = world();
      const first = boot({ mode });
      const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
      await until(() => run.view.waiting !== null);
      first.die();
      await clock.advance(5 * 3_600_000);
      const again = await settle(
        boot({ mode, limits: { runMs: 48 * 3_600_000 } }).runner.resume(agent, 'run-1'),
      );
      expect((await settle(again.result())).text).toBe(answer);
      expect(sent('cancel')).toBe(0);
    },
  );

  test('accepts its last response although the time limit of the run has passed', async () => {
    const { agent, boot, until, settle, clock, answer } = world();
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null && run.view.iteration === 2);
    first.die();
    await clock.advance(40 * 3_600_000);
    const again = await settle(boot().runner.resume(agent, 'run-1'));
    expect((await settle(again.result())).text).toBe(answer);
  });

  test('sends one cancel if the response is still queued', async () => {
    const { agent, boot, until, settle, clock, sent } = world({ queuedMs: Number.POSITIVE_INFINITY });
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null);
    first.die();
    await clock.advance(5 * 3_600_000);
    const again = await settle(boot().runner.resume(agent, 'run-1'));
    await expect(settle(again.result())).rejects.toMatchObject({
      name: 'RunLimitError',
      code: 'queued_timeout',
    });
    expect(sent('cancel')).toBe(1);
  });

  test.each(['poll', 'stream'] as const)(
    'retrieves the response first after the machine slept (%s)',
    async (mode) => {
      // During the sleep, time passes and no timer fires.
      const { agent, boot, until, settle, clock, answer, sent } = world({ runMs: 20_000 });
      let asleep = Promise.resolve();
      let slept = 0;
      const sleepy = {
        now: () => clock.now() + slept,
        sleep: async (ms: number, signal?: AbortSignal) => {
          await clock.sleep(ms, signal);
          await asleep;
        },
      };
      const { runner } = boot({ mode, clock: sleepy });
      const run = runner.start(agent, 'Paris?');
      await until(() => run.view.waiting !== null);
      const wakes = Promise.withResolvers<void>();
      asleep = wakes.promise;
      await clock.advance(120_000);
      slept = 2 * 3_600_000;
      wakes.resolve();
      expect((await settle(run.result())).text).toBe(answer);
      expect(sent('cancel')).toBe(0);
    },
  );
});

describe('a create that was in flight when the process died', () => {
  test.each([
    ['retry', 'completed', 2, ['unknown_create']],
    ['fail', 'unknown_create', 1, []],
  ] as const)(
    'with the policy %s: the end is %s, after %i creates in the first iteration',
    async (onUnknownCreate, ending, creates, warnings) => {
      const { agent, boot, until, settle, emulator } = world();
      const first = boot({}, ({ at, when }, { die }) => {
        if (first.points[at] === 'POST create' && when === 'after') die();
      });
      first.runner.start(agent, 'Paris?', { runId: 'run-1' });
      await until(() => first.dead);
      const again = await settle(boot({ onUnknownCreate }).runner.resume(agent, 'run-1'));
      const outcome = await settle(again.result().catch((error: unknown) => error));
      expect(outcome).toMatchObject(
        ending === 'completed' ? { view: { status: ending } } : { name: 'RunFailedError', code: ending },
      );
      const ofFirstIteration = emulator.requests.filter(
        ({ body }) => body !== undefined && !('previous_response_id' in body),
      );
      expect(ofFirstIteration).toHaveLength(creates);
      expect(again.view.warnings.map(({ code }) => code)).toEqual(warnings);
    },
  );
});
