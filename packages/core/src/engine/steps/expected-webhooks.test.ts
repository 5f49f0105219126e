import { describe, expect, test } from 'vitest';
import {
  created,
  expecting,
  type FedRun,
  hourMs,
  minuteMs,
  responseOf,
} from '../../../test-support/engine/fed-run.ts';
import { savedState } from '../saved-state.ts';

const stored = { request: { store: true } };

/** The times of the polls of a response that runs for an hour. */
function pollsInAnHour(run: FedRun): number[] {
  const times: number[] = [];
  while (run.waiting.nextAt !== null && run.waiting.nextAt < hourMs) {
    times.push(run.waiting.nextAt);
    run.poll();
  }
  return times;
}

describe('while webhooks arrive', () => {
  test('polls are rare: after a minute at first, and after 15 minutes in the end', () => {
    const times = pollsInAnHour(expecting(stored));
    expect(times[0]).toBe(minuteMs);
    expect(times.length).toBeLessThan(12);
    const run = expecting(stored);
    run.at = 10 * hourMs;
    run.answer();
    expect(run.delay).toBe(15 * minuteMs);
  });

  test.each([
    ['is not stored', { store: false }, {}],
    ['may not be stored, because the request does not have `store`', {}, { store: true }],
    ['is not stored, although the request asked for it', { store: true }, { store: false }],
  ])(
    'a response that %s is polled every two minutes, because the API deletes it after ten',
    (_what, request, echo) => {
      const run = expecting({ request, policy: {}, created: echo });
      run.at = 10 * hourMs;
      run.answer();
      expect(run.delay).toBe(2 * minuteMs);
    },
  );

  test('a maximum delay of the user is kept', () => {
    const chosen = { runMs: false, queuedMs: false, pollingMaxMs: true };
    const polling = { minMs: 1_000, maxMs: 10_000, fraction: 0.05 };
    const run = expecting({ ...stored, policy: { chosen, polling } });
    expect(run.delay).toBe(10_000);
    run.at = hourMs;
    expect(run.answer().delay).toBe(10_000);
  });

  test('the minimum delay and the fraction of the user are kept', () => {
    const polling = { minMs: 5 * minuteMs, maxMs: 5 * minuteMs, fraction: 0.05 };
    const run = expecting({ ...stored, request: {}, policy: { polling } });
    expect(run.delay).toBe(5 * minuteMs);
  });

  test.each([
    ['the server', { serverMs: 7_000 }, 7_000],
    ['the polling function', { functionMs: 3_000 }, 3_000],
  ])('a delay of %s is kept', (_who, asked, expected) => {
    const run = expecting(stored);
    run.at = minuteMs;
    run.feed({ type: 'timer' }).feed({ type: 'responded', to: 'retrieve', response: responseOf({}), asked });
    expect(run.delay).toBe(expected);
  });

  test('a failed poll is repeated as soon as without webhooks', () => {
    const run = expecting(stored);
    run.at = minuteMs;
    run.feed({ type: 'timer' }).fail(500);
    expect(run.delay).toBeLessThan(4_000);
  });

  test('a foreground response is polled as before', () => {
    expect(expecting({ background: false }).delay).toBe(1_000);
  });

  test('the run polls as before when the time is over', () => {
    const run = expecting(stored);
    run.at = 24 * hourMs;
    run.answer();
    expect(run.delay).toBe(30_000);
  });

  test('the state of the run contains it, for another process', () => {
    const run = expecting(stored);
    run.state = savedState(JSON.parse(JSON.stringify(run.state)));
    run.feed({ type: 'resumed', policy: run.state.policy }).poll();
    expect(run.delay).toBe(minuteMs);
  });
});

describe('a poll that finds the end of its response', () => {
  const completed = { status: 'completed', created_at: 100, completed_at: 110 };

  test('shows that webhooks arrive, if the webhook has come', () => {
    const run = created();
    run.at = 10_000;
    run.webhook().answer(completed);
    expect(run.effects).toContainEqual({ type: 'remember_webhooks', forMs: 24 * hourMs });
    expect(run.state.webhooksUntil).toBe(10_000 + 24 * hourMs);
  });

  test('shows nothing if webhooks were never expected', () => {
    const run = created();
    run.at = hourMs;
    expect(run.answer(completed).types).not.toContain('remember_webhooks');
  });

  test.each([
    ['30 s ago', 40_000, completed, false],
    ['more than 30 s ago', 40_001, completed, true],
    ['at an unknown time', hourMs, { ...completed, completed_at: null }, false],
    ['at an impossible time', hourMs, { ...completed, completed_at: 99 }, false],
    ['at a time that is a text', hourMs, { ...completed, created_at: '100' }, false],
  ])('%s, without a webhook, shows whether one is missing', (_when, at, fields, isMissing) => {
    const run = expecting(stored);
    run.at = at;
    run.answer(fields);
    const missing = { type: 'remember_webhooks', forMs: 0 };
    expect(run.effects.filter(({ type }) => type === missing.type)).toEqual(isMissing ? [missing] : []);
    expect(run.state.webhooksUntil).toBe(isMissing ? 0 : 24 * hourMs);
  });

  test('counts the time in which the machine slept', () => {
    const run = expecting(stored);
    run.state = { ...run.state, clock: { ...run.state.clock, gapMs: hourMs } };
    run.at = 20_000;
    run.answer(completed);
    expect(run.effects).toContainEqual({ type: 'remember_webhooks', forMs: 0 });
  });
});

describe('a run that learns from another run that a webhook was missing', () => {
  test('polls earlier', () => {
    const run = expecting(stored);
    run.at = 10 * hourMs;
    run.answer();
    run.at += 1_000;
    run.feed({ type: 'webhooks_known', forMs: 0 });
    expect(run.delay).toBe(30_000);
    expect(run.poll().delay).toBe(30_000);
  });

  test('does not poll later than before, or during a request', () => {
    const run = expecting(stored);
    run.at = minuteMs - 10;
    run.feed({ type: 'webhooks_known', forMs: 0 });
    expect(run.delay).toBe(10);
    run.feed({ type: 'webhooks_known', forMs: hourMs });
    expect(run.delay).toBe(10);
    run.at = minuteMs;
    run.feed({ type: 'timer' }).feed({ type: 'webhooks_known', forMs: 0 });
    expect(run.waiting.nextAt).toBe(null);
  });

  test('keeps the delay after an error', () => {
    const run = expecting(stored);
    run.at = minuteMs;
    run.feed({ type: 'timer' }).fail(429, 40_000).feed({ type: 'webhooks_known', forMs: 0 });
    expect(run.delay).toBe(40_000);
  });
});
