import { fetchClient } from '@longhaul/core';
import { describe, expect, test } from 'vitest';
import { watched } from './drive.ts';
import { executed } from './journey.ts';
import { world } from './world.ts';

const everyToolOnce = { search: 1, reserve: 1, book: 1 };

describe('credentials that do not hold', () => {
  test('stop driving while a response is pending; nothing is lost, and better ones go on', async () => {
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

  test('that come from a function are asked for once more before', async () => {
    const { agent, boot, until, settle, emulator, answer } = world({ apiKey: 'second' });
    let asked = 0;
    // The first key runs out in the midst of the run.
    const client = fetchClient({
      baseURL: 'http://openai.test/v1',
      headers: () => ({ authorization: `Bearer ${asked++ === 1 ? 'first' : 'second'}` }),
      fetch: emulator.fetch,
    });
    const run = boot({ client, mode: 'poll' }).runner.start(agent, 'Paris?');
    await until(() => asked > 2);
    expect((await settle(run.result())).text).toBe(answer);
  });

  test('at a create end the run', async () => {
    const { agent, boot, settle, emulator } = world({ apiKey: 'right' });
    const client = fetchClient({ baseURL: 'http://openai.test/v1', apiKey: 'wrong', fetch: emulator.fetch });
    const run = boot({ client }).runner.start(agent, 'Paris?');
    await expect(settle(run.result())).rejects.toMatchObject({
      name: 'RunFailedError',
      code: 'invalid_api_key',
    });
  });
});

describe('a run that nobody looked after for longer than its limits', () => {
  test.each(['poll', 'stream'] as const)(
    'is asked about before it is given up: it may be over at the server (%s)',
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

  test('has its last answer taken where the run has taken too long by then', async () => {
    const { agent, boot, until, settle, clock, answer } = world();
    const first = boot();
    const run = first.runner.start(agent, 'Paris?', { runId: 'run-1' });
    await until(() => run.view.waiting !== null && run.view.iteration === 2);
    first.die();
    await clock.advance(40 * 3_600_000);
    const again = await settle(boot().runner.resume(agent, 'run-1'));
    expect((await settle(again.result())).text).toBe(answer);
  });

  test('is cancelled once, where it still waits then', async () => {
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
    'because the machine slept, is asked about first when it wakes (%s)',
    async (mode) => {
      // Asleep: time passes, and no timer rings before the machine wakes.
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

describe('a create that was on its way when the process died', () => {
  test.each([
    ['retry', 'completed', 2, ['unknown_create']],
    ['fail', 'unknown_create', 1, []],
  ] as const)(
    'by the policy %s: %s after %i creates of the first iteration',
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
