import { describe, expect, test } from 'vitest';
import { defineAgent } from '../../../agent/define-agent.ts';
import { opaqueId } from './opaque-ids.ts';
import { redactCallError, redactRunError, redactWarnings } from './redact-error.ts';
import { redactionOf } from './redaction.ts';

const agent = defineAgent({ name: 'a', model: 'm' });
const hides = { redaction: redactionOf(agent), runId: 'run_1' };
const shows = { redaction: redactionOf(agent, { showErrors: true }), runId: 'run_1' };
const text = 'No such thing in resp_68af01 at https://me:pw@intern.test/v1?key=1 with sk-12345678.';

describe('the error of a run', () => {
  test.each([
    ['max_iterations', 'The run has reached one of its limits.'],
    ['run_timeout', 'The run has reached one of its limits.'],
    ['max_output_tokens', 'The answer has reached its maximum length.'],
    ['context_length_exceeded', 'The conversation is too long for the model.'],
    ['cancelled', 'The run was cancelled.'],
    ['rate_limit_exceeded', 'The model is not available now. Try again later.'],
    ['insufficient_quota', 'The model is not available now. Try again later.'],
    ['server_error', 'The model failed. Try again.'],
    ['503', 'The model failed. Try again.'],
    ['invalid_prompt', 'The run failed.'],
    ['prepare_request_failed', 'The run failed.'],
    ['new_code', 'The run failed.'],
  ])('has a message by its code: %s', (code, message) => {
    const error = { code, message: text, status: 400, param: 'input', misalignment: { steer: text } };
    expect(redactRunError(error, hides)).toEqual({ code, message, status: 400 });
  });

  test.each(['resp_68af01', 'see https://intern.test', 'a b', '', 'x'.repeat(65)])(
    'replaces a text that is not a code: %s',
    (code) => {
      for (const scope of [hides, shows])
        expect(redactRunError({ code, message: '' }, scope).code).toBe('unknown');
    },
  );

  test('with showErrors has the text without keys, credentials and response ids', () => {
    const { message } = redactRunError({ code: 'new_code', message: text }, shows);
    expect(message).toContain('No such thing in');
    expect(message).toContain(opaqueId('resp_68af01', 'run_1'));
    for (const secret of ['resp_68af01', 'me:pw', 'key=1', 'sk-1234']) expect(message).not.toContain(secret);
  });
});

describe('the error of a call', () => {
  test.each([
    ['failed', 'The tool failed.'],
    ['new_code', 'The tool failed.'],
    ['timed_out', 'The tool did not return in time.'],
    ['invalid_arguments', 'The arguments of the call are not valid.'],
    ['interrupted', 'The call was interrupted. It is not known whether it had an effect.'],
    ['not_run', 'The call was not executed.'],
    ['denied', text],
  ])('has a message by its code, and the reason of a person: %s', (code, message) => {
    expect(redactCallError({ code, message: text }, hides)).toEqual({ code, message });
  });

  test('with showErrors has the text without response ids', () => {
    const error = { code: 'failed', message: 'No row for resp_68af01.' };
    const message = `No row for ${opaqueId('resp_68af01', 'run_1')}.`;
    expect(redactCallError(error, shows)).toEqual({ code: 'failed', message });
  });
});

test('a warning shows its code, and its text only with showErrors', () => {
  const warnings = [
    { code: 'replay', message: 'The server ignored resp_68af01.', at: 1 },
    // It contains the error of a call, whose tool may be private.
    { code: 'agent_changed', message: 'The call no longer fits: secret.', at: 2 },
  ];
  expect(redactWarnings(warnings, hides)).toEqual([
    { code: 'replay', message: 'The server has recorded the warning "replay".', at: 1 },
    { code: 'agent_changed', message: 'The server has recorded the warning "agent_changed".', at: 2 },
  ]);
  const [replay, changed] = redactWarnings(warnings, shows);
  expect(replay?.message).toBe(`The server ignored ${opaqueId('resp_68af01', 'run_1')}.`);
  expect(changed?.message).not.toContain('secret');
});
