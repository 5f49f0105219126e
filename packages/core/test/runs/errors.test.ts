import OpenAI from 'openai';
import * as z from 'zod';
import { describe, expect, test, vi } from 'vitest';
import { scenario, type ScenarioOptions } from '../../test-support/scenario.ts';
import { defineAgent, type Agent } from '../../src/agent/define-agent.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { DecisionError } from '../../src/errors/decision-error.ts';
import { LonghaulError } from '../../src/errors/longhaul-error.ts';
import { SnapshotError } from '../../src/errors/snapshot-error.ts';
import { StoreError } from '../../src/errors/store-error.ts';
import {
  RunCancelledError,
  RunError,
  RunFailedError,
  RunIncompleteError,
  RunLimitError,
} from '../../src/run/run-error.ts';
import type { ResponsesClient } from '../../src/client/responses-client.ts';

const answer = 'Leave the umbrella at home.';

/** The error of a run of this scenario. */
function failure(options: ScenarioOptions): Promise<unknown> {
  const s = scenario(options);
  return s.rejection(s.start().result());
}

describe('every class', () => {
  const cause = new Error('behind it');
  const view = scenario().start().view;
  const errors = [
    new LonghaulError('any', 'm', { cause }),
    new ConfigurationError('m', { cause }),
    new DecisionError('call_1', 'm'),
    new StoreError('unavailable', 'm', { cause }),
    new SnapshotError('unreadable_snapshot', 'm', { cause }),
    new RunError('any', 'm', view, { cause }),
    new RunFailedError('any', 'm', view, { cause }),
    new RunIncompleteError('any', 'm', view, { cause }),
    new RunCancelledError('any', 'm', view, { cause }),
    new RunLimitError('any', 'm', view, { cause }),
  ];

  test.each(errors.map((error) => [error.name, error] as const))(
    '%s is a LonghaulError with a code',
    (name, error) => {
      expect(error).toBeInstanceOf(LonghaulError);
      expect(LonghaulError.isInstance(error)).toBe(true);
      expect(error.constructor.name).toBe(name);
      expect(String(error)).toBe(`${name}: m`);
      expect(typeof error.code).toBe('string');
      if (name !== 'DecisionError') expect(error.cause).toBe(cause);
    },
  );

  test('isInstance is true for errors of the class and its subclasses, and for no others', () => {
    const families = [ConfigurationError, DecisionError, StoreError, SnapshotError, RunError];
    for (const error of errors.slice(1)) {
      const matches = families.filter((family) => family.isInstance(error));
      expect(matches).toEqual([families.find((family) => error instanceof family)]);
    }
    const ends = [RunFailedError, RunIncompleteError, RunCancelledError, RunLimitError];
    for (const error of errors.slice(6)) {
      expect(ends.filter((end) => end.isInstance(error))).toEqual([error.constructor]);
      expect(RunError.isInstance(error)).toBe(true);
    }
    class Own extends RunFailedError {}
    expect(RunFailedError.isInstance(new Own('any', 'm', view))).toBe(true);
  });

  test('isInstance is true for errors of another copy of the package', async () => {
    vi.resetModules();
    const copy = await import('../../src/errors/store-error.ts');
    expect(copy.StoreError).not.toBe(StoreError);
    const foreign = new copy.StoreError('conflict', 'm');
    expect(foreign).not.toBeInstanceOf(LonghaulError);
    expect([LonghaulError.isInstance(foreign), StoreError.isInstance(foreign)]).toEqual([true, true]);
    expect([ConfigurationError.isInstance(foreign), RunError.isInstance(foreign)]).toEqual([false, false]);
  });

  test.each([[undefined], [null], ['RunError'], [new Error('m')], [{ name: 'LonghaulError', code: 'any' }]])(
    'isInstance of %s is false',
    (value) => {
      expect(LonghaulError.isInstance(value)).toBe(false);
    },
  );
});

describe('the cause of an end', () => {
  test('is the thrown error after a network failure', async () => {
    const error = await failure({ faults: [{ fault: 'reset', times: 9 }] });
    expect(error).toMatchObject({ code: 'unknown_create', cause: expect.any(TypeError) });
  });

  test('states the status and the request after an error response', async () => {
    const faults = [{ fault: 'http', status: 400, message: 'No such model.' }] as const;
    const error = await failure({ faults });
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ cause: { message: expect.stringMatching(/400.*create.*No such model/) } });
  });

  test('is the error of the OpenAI instance, if the runner has one', async () => {
    const s = scenario({ faults: [{ fault: 'http', status: 403 }] });
    const client = new OpenAI({ apiKey: 'key', baseURL: 'http://api.test/v1', fetch: s.emulator.fetch });
    const error = await s.rejection(s.reboot({ client }).start(s.agent, 'Umbrella?').result());
    expect(error).toMatchObject({ cause: expect.any(OpenAI.PermissionDeniedError) });
  });

  test('is kept if the API’s message about a parameter looks like one about a header', async () => {
    const message = "Invalid value: 'fast'. Supported values are: 'auto', and 'default'.";
    const s = scenario({ faults: [{ fault: 'http', status: 400, message }] });
    const client = new OpenAI({ apiKey: 'key', baseURL: 'http://api.test/v1', fetch: s.emulator.fetch });
    const error = await s.rejection(s.reboot({ client }).start(s.agent, 'Umbrella?').result());
    expect(error).toMatchObject({ cause: expect.any(OpenAI.BadRequestError) });
  });

  test('is set if polls get malformed bodies', async () => {
    const error = await failure({
      faults: [{ fault: 'malformed-body', on: 'poll', times: 99 }],
      runner: { mode: 'poll' },
    });
    expect(error).toMatchObject({ code: 'not_the_api', cause: expect.any(Error) });
  });

  test('is set if a foreground stream breaks', async () => {
    const error = await failure({
      agent: { background: false },
      faults: [{ fault: 'drop-after-event', n: 3 }],
      runner: { mode: 'stream' },
    });
    expect(error).toMatchObject({ code: 'connection_lost', cause: expect.any(Error) });
  });

  test('is the error that prepareRequest threw', async () => {
    const cause = new RangeError('no budget');
    const prepareRequest = (): never => {
      throw cause;
    };
    const error = await failure({ agent: { prepareRequest } });
    expect(error).toMatchObject({ code: 'prepare_request_failed', cause });
  });

  test('states why a structured output is invalid', async () => {
    const agent = { output: z.object({ umbrella: z.boolean() }) };
    const unfit = await failure({ script: [{ text: '{"umbrella":"no"}' }], agent, tools: [] });
    expect(unfit).toMatchObject({ code: 'invalid_output', cause: { errors: [{ path: ['umbrella'] }] } });
    const unreadable = await failure({ script: [{ text: 'Leave it.' }], agent, tools: [] });
    expect(unreadable).toMatchObject({ code: 'invalid_output', cause: expect.any(SyntaxError) });
  });

  test('is that of the schema if result() is called in a process whose schema no longer fits', async () => {
    const agentOf = (output: z.ZodType): Agent => defineAgent({ name: 'a', model: 'm', output });
    const s = scenario({ script: [{ text: '{"umbrella":true}' }], tools: [] });
    const run = s.runner.start(agentOf(z.object({ umbrella: z.boolean() })), 'Hi');
    await s.settle(run.result());
    const stricter = agentOf(z.object({ umbrella: z.boolean(), coat: z.boolean() }));
    const again = await s.settle(s.reboot().resume(stricter, run.id));
    expect(await s.rejection(again.result())).toMatchObject({
      code: 'invalid_output',
      message: expect.stringContaining('does not match the schema that agent "a" has now'),
      view: { status: 'completed' },
    });
  });

  test('is a ConfigurationError for a run that could not start', async () => {
    const s = scenario();
    const error = await s.rejection(s.start('On.', { continueFrom: 'nobody' }).result());
    expect(error).toMatchObject({ cause: expect.any(ConfigurationError) });
  });

  test('is not an earlier failure from which the run recovered', async () => {
    const s = scenario({
      script: [{ fail: { code: 'invalid_prompt', message: 'No.' } }],
      faults: [
        { fault: 'http', status: 503 },
        { fault: 'reset', on: 'poll' },
      ],
      runner: { mode: 'poll' },
    });
    const error = await s.rejection(s.start().result());
    expect(error).toMatchObject({ code: 'invalid_prompt' });
    expect(error).not.toHaveProperty('cause');
  });
});

describe('a model that refuses', () => {
  test.each(['poll', 'stream'] as const)('and sends no other text fails the run (%s)', async (mode) => {
    const s = scenario({ script: [{ refusal: 'I would rather not.' }], runner: { mode }, tools: [] });
    const run = s.start();
    const error = await s.rejection(run.result());
    expect(error).toBeInstanceOf(RunFailedError);
    expect(error).toMatchObject({ code: 'refusal', message: expect.stringContaining('I would rather not.') });
    expect(run.view).toMatchObject({ status: 'failed', text: '', error: { code: 'refusal' } });
  });

  test('and sends other text completes the run', async () => {
    const content = [
      { type: 'output_text', text: 'Half of it.', annotations: [] },
      { type: 'refusal', refusal: 'Not the rest.' },
    ];
    const s = scenario({ script: [{ items: [{ type: 'message', role: 'assistant', content }] }], tools: [] });
    expect((await s.settle(s.start().result())).text).toBe('Half of it.');
  });
});

describe('credentials that are not available', () => {
  /**
   * A scenario whose client gets its key from a function. This function throws `error` while `trouble.armed` is true,
   * at most `times` times.
   */
  function signedOut(
    by: 'apiKey' | 'headers' | 'openai',
    when: 'create' | 'poll',
    error: unknown,
    times = 999,
  ) {
    const trouble = { left: times, armed: when === 'create' };
    // A runner with agents would adopt the run when driving has stopped.
    const s = scenario({ runner: { agents: [] } });
    const give = (): string => {
      if (trouble.armed && trouble.left-- > 0) throw error;
      return 'key';
    };
    const { fetch } = s.emulator;
    const baseURL = 'http://api.test/v1';
    const client: ResponsesClient =
      by === 'openai'
        ? new OpenAI({ apiKey: async () => give(), baseURL, fetch })
        : by === 'apiKey'
          ? fetchClient({ baseURL, apiKey: async () => give(), fetch })
          : fetchClient({ baseURL, headers: () => ({ 'x-key': give() }), fetch });
    const runner = s.reboot({ client, mode: 'poll' });
    const run = runner.start(s.agent, 'Umbrella?');
    return { ...s, run, runner, trouble };
  }

  test.each([
    ['apiKey', 'create'],
    ['headers', 'create'],
    ['openai', 'create'],
    ['apiKey', 'poll'],
    ['headers', 'poll'],
    ['openai', 'poll'],
  ] as const)(
    '(%s, at a %s) stop driving within a minute, and a resume with valid ones completes the run',
    async (by, when) => {
      const error = new Error('The session is over.');
      const s = signedOut(by, when, error);
      if (when === 'poll') await s.clock.advance(1);
      s.trouble.armed = true;
      const began = s.clock.now();
      const stopped = await s.rejection(s.run.result());
      expect(stopped).toMatchObject({
        name: 'LonghaulError',
        code: 'unauthorized',
        message: expect.stringContaining('The session is over.'),
      });
      const cause = (stopped as Error).cause;
      expect((cause as Error).cause).toBe(error);
      expect(s.clock.now() - began).toBeLessThan(60_000);
      expect(s.run.view).toMatchObject({ driver: 'none', warnings: [] });
      expect(s.creates()).toHaveLength(when === 'create' ? 0 : 1);
      s.trouble.armed = false;
      const again = await s.settle(s.runner.resume(s.agent, s.run.id));
      expect((await s.settle(again.result())).text).toBe(answer);
      expect(s.executed).toEqual(['Paris']);
      expect(s.emulator.generations).toBe(2);
    },
  );

  test('stop driving when a stream is reopened', async () => {
    // Otherwise this runner adopts the run when driving has stopped.
    const s = scenario({ faults: [{ fault: 'drop-after-event', n: 2 }], runner: { agents: [] } });
    const apiKey = (): string => {
      if (s.emulator.requests.length > 0) throw new Error('The session is over.');
      return 'key';
    };
    const client = fetchClient({ baseURL: 'http://api.test/v1', apiKey, fetch: s.emulator.fetch });
    const run = s.reboot({ client, mode: 'stream' }).start(s.agent, 'Umbrella?');
    expect(await s.rejection(run.result())).toMatchObject({ code: 'unauthorized' });
    expect(s.sent()).toEqual(['create']);
  });

  test.each(['create', 'poll'] as const)(
    'three times in a row (at a %s) only delay the run',
    async (when) => {
      const s = signedOut('apiKey', when, new Error('busy'), 3);
      if (when === 'poll') await s.clock.advance(1);
      s.trouble.armed = true;
      expect((await s.settle(s.run.result())).text).toBe(answer);
      expect(s.run.view.warnings).toEqual([]);
      expect(s.emulator.generations).toBe(2);
    },
  );

  test('because the network is down delay the run until it is back', async () => {
    const s = signedOut('apiKey', 'poll', new TypeError('Failed to fetch'), 99);
    await s.clock.advance(1);
    s.trouble.armed = true;
    await s.clock.advance(600_000);
    expect(s.run.view).toMatchObject({
      driver: 'here',
      waiting: { error: { code: 'connection_refused' } },
    });
    s.trouble.armed = false;
    expect((await s.settle(s.run.result())).text).toBe(answer);
  });

  test('do not prevent a run from being cancelled', async () => {
    const s = signedOut('apiKey', 'poll', new Error('The session is over.'));
    await s.clock.advance(1);
    s.trouble.armed = true;
    const view = await s.settle(s.run.cancel());
    expect(view.status).toBe('cancelled');
    expect(view.warnings.map(({ code }) => code)).toEqual(['cancel_undelivered']);
  });
});
