import { describe, expect, test } from 'vitest';
import { created, expecting, FedRun, hourMs, minuteMs } from '../../../test-support/engine/fed-run.ts';
import { modelResponse } from '../../../test-support/engine/model-response.ts';
import type { JsonObject } from '../../wire/json.ts';
import { savedState } from '../saved-state.ts';

const stored = { request: { store: true } };

describe('a webhook of the pending response', () => {
  test('is answered by a GET now, regardless of the delay', () => {
    const run = expecting(stored);
    expect(run.delay).toBe(minuteMs);
    run.at = 2_000;
    expect(run.webhook().types).toEqual(['retrieve']);
    expect(run.waiting.nextAt).toBe(null);
  });

  test('is answered by a GET now after an error without a delay of the server', () => {
    const run = created().poll();
    run.at = run.waiting.nextAt ?? 0;
    run.feed({ type: 'timer' }).fail(500).fail(500);
    expect(run.delay).toBeGreaterThan(0);
    expect(run.webhook().types).toEqual(['retrieve']);
  });

  test('respects the delay that the server has asked for with an error', () => {
    const run = created();
    run.at = run.waiting.nextAt ?? 0;
    run.feed({ type: 'timer' }).fail(429, 40_000);
    expect(run.delay).toBe(40_000);
    run.at += 10_000;
    expect(run.webhook().types).toEqual([]);
    expect(run.delay).toBe(30_000);
    run.at += 30_000;
    expect(run.webhook().types).toEqual(['retrieve']);
  });

  test('shortens a delay of the loop only to the delay that the server has asked for', () => {
    const run = created();
    for (let failures = 0; failures < 12; failures += 1) run.fail(503, 5_000);
    expect(run.delay).toBeGreaterThan(20_000);
    run.at += 1_000;
    run.webhook();
    expect(run.delay).toBe(4_000);
  });

  test('does not delay the GET of a resumed run, which is due now', () => {
    const run = created();
    run.at = run.waiting.nextAt ?? 0;
    run.feed({ type: 'timer' }).fail(429, 40_000).feed({ type: 'resumed', policy: run.state.policy });
    expect(run.delay).toBe(0);
    run.webhook();
    expect(run.delay).toBe(0);
  });

  test('repeats a GET that was sent before it, because the response may have ended after that', () => {
    const run = created();
    run.at = run.waiting.nextAt ?? 0;
    expect(run.feed({ type: 'timer' }).types).toEqual(['retrieve']);
    expect(run.webhook().types).toEqual(['abort_request', 'retrieve']);
    // The GET in flight was sent after the first webhook.
    expect(run.webhook().types).toEqual([]);
  });

  test('does not repeat the GET for output that is missing from a stream (I2)', () => {
    const run = streaming(3);
    run.feed({
      type: 'streamed',
      events: [{ type: 'response.completed', sequence_number: 90, response: responseJson('completed') }],
    });
    expect(run.waiting).toMatchObject({ mode: 'poll', pending: { status: 'completed' } });
    expect(run.feed({ type: 'timer' }).types).toEqual(['retrieve']);
    expect(run.webhook().types).toEqual([]);
  });

  test('makes the delays begin again from the minimum, if the API shows the end later', () => {
    const run = expecting(stored);
    run.at = hourMs;
    run.webhook().answer();
    expect(run.delay).toBe(1_000);
    run.poll();
    expect(run.delay).toBe(1_000);
    for (let polls = 0; polls < 40; polls += 1) run.poll();
    expect(run.delay).toBeGreaterThan(1_000);
    expect(run.delay).toBeLessThan(5_000);
  });

  test('keeps the minute between two GETs of a queued response with a discount', () => {
    const request = { background_options: { completion_window: '8h' } };
    const run = created({ request, created: { status: 'queued' } });
    run.state = { ...run.state, queueWindowMs: 8 * hourMs };
    run.at = 20_000;
    expect(run.webhook().types).toEqual([]);
    expect(run.delay).toBe(40_000);
  });

  test('of the inbox is deleted by the save, even if it has no effect', () => {
    const source = { storeId: '7' };
    for (const responseId of ['resp_1', 'resp_0', undefined]) {
      const woken = { type: 'woken', source, ...(responseId && { responseId }) } as const;
      expect(created().feed(woken).effects[0]).toMatchObject({ type: 'save', received: ['7'] });
    }
    expect(created().feed({ type: 'woken', source }).types).toContain('retrieve');
  });

  test('sends nothing while driving stops, and is not lost for the process that resumes the run', () => {
    const run = expecting(stored);
    run.at = 2_000;
    run.feed({ type: 'draining' }).feed({ type: 'woken', responseId: 'resp_1', source: { storeId: '7' } });
    expect(run.types).toEqual(['save']);
    expect(savedState(run.state).phase).toMatchObject({ nextAt: 2_000, endAnnouncedAt: 2_000 });
  });
});

test.each([
  ['of another response', created(), 'resp_0'],
  ['of a foreground response', created({ background: false }), 'resp_1'],
  ['of the previous response, while the next create is in flight', new FedRun(), 'resp_1'],
])('a webhook %s has no effect', (_what, run, responseId) => {
  const before = run.state;
  expect(run.webhook(responseId).types).toEqual([]);
  expect(run.state).toBe(before);
});

test('a page that is visible again does not count as a webhook', () => {
  const run = created();
  run.at = run.waiting.nextAt ?? 0;
  run.feed({ type: 'timer' }).fail(500).feed({ type: 'woken' });
  expect(run.types).toEqual([]);
  expect(run.waiting).not.toHaveProperty('endAnnouncedAt');
});

const { log } = modelResponse(1, 0, { background: true, store: true, numbered: true });
const responseId = 'resp_1';

function responseJson(status: string): JsonObject {
  return { id: responseId, object: 'response', status, background: true, output: [] };
}

/** A run whose stream has sent this number of events. */
function streaming(events: number): FedRun {
  const run = new FedRun({ policy: { mode: 'stream' } });
  return run.feed({ type: 'streamed', events: log.slice(0, events) });
}

describe('a webhook of a response that streams', () => {
  test('does not disturb the stream', () => {
    const run = streaming(3);
    expect(run.waiting.pending.responseId).toBe(responseId);
    expect(run.webhook().types).toEqual([]);
    run.at = 4_999;
    expect(run.feed({ type: 'timer' }).types).toEqual([]);
    run.feed({ type: 'streamed', events: log.slice(3, 4) });
    run.at = 9_998;
    expect(run.feed({ type: 'timer' }).types).toEqual([]);
    expect(run.waiting.mode).toBe('stream');
  });

  test('is answered by a GET if the stream sends nothing for five seconds', () => {
    const run = streaming(3).webhook();
    expect(run.state.wakeAt).toBe(5_000);
    run.at = 5_000;
    expect(run.feed({ type: 'timer' }).types).toEqual(['abort_request']);
    expect(run.waiting).toMatchObject({ mode: 'poll', nextAt: 5_000 });
    expect(run.feed({ type: 'timer' }).types).toEqual(['retrieve']);
  });

  test('opens a broken stream again without its delay', () => {
    const run = streaming(3).feed({ type: 'stream_ended', reason: 'eof' });
    expect(run.delay).toBeGreaterThan(0);
    expect(run.webhook().types).toEqual(['retrieve']);
    expect(run.waiting.mode).toBe('stream');
  });

  test('respects the delay that the server has asked for when it refused the stream', () => {
    const run = streaming(3).feed({ type: 'stream_ended', reason: 'eof' });
    run.at = run.waiting.nextAt ?? 0;
    const failure = {
      kind: 'http',
      sender: 'api',
      status: 429,
      code: 'no',
      type: null,
      param: null,
    } as const;
    run.feed({ type: 'timer' });
    run.feed({
      type: 'request_failed',
      to: 'stream',
      failure: { ...failure, message: 'No.', retryAfterMs: 30_000 },
    });
    expect(run.delay).toBe(30_000);
    run.at += 1_000;
    expect(run.webhook().types).toEqual([]);
    expect(run.delay).toBe(29_000);
  });

  test('does not end a stream of the foreground, which cannot be opened again', () => {
    const run = new FedRun({ policy: { mode: 'stream' } });
    const [first = {}] = log;
    const response = { ...responseJson('in_progress'), background: false };
    run.feed({ type: 'streamed', events: [{ ...first, response }] }).webhook();
    run.at = minuteMs;
    expect(run.feed({ type: 'timer' }).types).toEqual([]);
    expect(run.waiting.mode).toBe('stream');
  });
});

describe('a webhook that came before the id of its response was saved', () => {
  test('is taken after the save of the id, and after a resume', () => {
    const run = created();
    expect(run.effects).toMatchObject([{ type: 'save' }, { type: 'take_webhook', responseId: 'resp_1' }]);
    run.feed({ type: 'resumed', policy: run.state.policy });
    expect(run.effects).toMatchObject([{ type: 'save' }, { type: 'take_webhook', responseId: 'resp_1' }]);
    expect(streaming(1).types).toEqual(['save', 'take_webhook']);
  });

  test('is not looked for in the foreground', () => {
    expect(created({ background: false }).types).toEqual(['save']);
  });
});
