import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { ConfigurationError } from '../../src/errors/configuration-error.ts';
import { LonghaulError } from '../../src/errors/longhaul-error.ts';
import { RunConfigurationError } from '../../src/run/run-configuration-error.ts';
import { RunError, RunFailedError } from '../../src/run/run-error.ts';

const agent = { prepareRequest: (request: object) => ({ ...request, background: false }) };

test('a run that fails because of its configuration has a RunError caused by a ConfigurationError', async () => {
  const s = scenario({ agent });
  const run = s.start();
  const error = await s.rejection(run.result());
  for (const kind of [LonghaulError, RunError, RunFailedError, RunConfigurationError, ConfigurationError]) {
    expect(kind.isInstance(error)).toBe(true);
    expect(error).toBeInstanceOf(kind);
  }
  expect(error).toMatchObject({
    code: 'configuration',
    option: 'prepareRequest',
    runId: run.id,
    view: { status: 'failed' },
    message: expect.stringContaining('`background`'),
  });
  expect(Object(error).cause).toBeInstanceOf(ConfigurationError);
  expect(RunError.isInstance(Object(error).cause)).toBe(false);
});

test('a resumed run that failed because of its configuration has the same kind of error', async () => {
  const s = scenario({ agent });
  const { id } = s.start();
  await s.clock.advance(1_000);
  const again = await s.settle(s.reboot().resume(s.agent, id));
  const error = await s.rejection(again.result());
  expect(RunError.isInstance(error)).toBe(true);
  expect(Object(error).cause).toBeInstanceOf(ConfigurationError);
});

test('the ConfigurationError of an invalid option is not a RunError', () => {
  const error = new ConfigurationError('m');
  expect(RunError.isInstance(error)).toBe(false);
  expect(error).not.toBeInstanceOf(RunError);
});
