import { describe, expect, test, vi } from 'vitest';
import { manualClock } from '../../testing/manual-clock.ts';
import { type ClaimRequest, createIdempotency, type FirstOutcome } from './idempotency.ts';
import { NoAnswer } from '../no-answer.ts';
import { memoryStorage } from './memory-storage.ts';
import { untilTestEnds } from '../../../test-support/patience.ts';

const day = 24 * 3_600_000;
const outcome: FirstOutcome = {
  responseId: 'resp_raw',
  name: 'resp_1',
  background: true,
  answer: { status: 200, contentType: 'application/json', body: '{"id":"resp_1"}' },
};

function request(changes: Partial<ClaimRequest> = {}): ClaimRequest {
  return {
    owner: 'ann',
    key: 'k',
    body: '{}',
    pendingMs: 65_000,
    signal: new AbortController().signal,
    ...changes,
  };
}

function setUp() {
  const clock = manualClock();
  let kept = memoryStorage({ clock });
  const storage = {
    get: (key: string) => kept.get(key),
    set: (key: string, value: string, ttlMs: number) => kept.set(key, value, ttlMs),
    add: (key: string, value: string, ttlMs: number) => kept.add(key, value, ttlMs),
    delete: (key: string) => kept.delete(key),
    increment: (key: string, by: number, ttlMs: number) => kept.increment(key, by, ttlMs),
    lose: () => {
      kept = memoryStorage({ clock });
    },
  };
  const idempotency = createIdempotency(storage, clock, day);
  const first = async () => {
    const claimed = await idempotency.claim(request());
    if (claimed.kind !== 'first') throw new Error('The key was not free.');
    return claimed.claim;
  };
  /** Waits until the second claim sleeps, because hashing is asynchronous. */
  const waiting = () => vi.waitUntil(() => clock.pending === 1, { timeout: untilTestEnds });
  return { clock, storage, idempotency, first, waiting };
}

test('the first create with a key proceeds, and later ones get its outcome', async () => {
  const { idempotency, first } = setUp();
  await (await first()).settle(outcome);
  expect(await idempotency.claim(request())).toEqual({ kind: 'seen', outcome });
});

test('a second create waits while the first one is in flight', async () => {
  const { clock, idempotency, first, waiting } = setUp();
  const claim = await first();
  const second = idempotency.claim(request());
  await waiting();
  await clock.advance(5_000);
  await claim.settle(outcome);
  await waiting();
  await clock.advance(1_000);
  expect(await second).toEqual({ kind: 'seen', outcome });
});

test('the next create proceeds if the first one started nothing', async () => {
  const { clock, idempotency, first, waiting } = setUp();
  const claim = await first();
  const second = idempotency.claim(request());
  await waiting();
  await claim.release();
  await clock.advance(1_000);
  expect((await second).kind).toBe('first');
});

test('a key of one principal is not the key of another', async () => {
  const { idempotency, first } = setUp();
  await (await first()).settle(outcome);
  expect((await idempotency.claim(request({ owner: 'bob' }))).kind).toBe('first');
});

test('refuses a different body with the same key, even while the first create is in flight', async () => {
  const { idempotency, first } = setUp();
  const claim = await first();
  await expect(idempotency.claim(request({ body: '{"a":1}' }))).rejects.toMatchObject({ status: 422 });
  await claim.settle(outcome);
  await expect(idempotency.claim(request({ body: '{"a":1}' }))).rejects.toMatchObject({ status: 422 });
});

test('stops waiting after a time limit, even if the clock is set back, and throws with retry-after', async () => {
  const { clock, idempotency, first, waiting } = setUp();
  await first();
  const refused = idempotency.claim(request()).catch((error: unknown) => error);
  await waiting();
  clock.jump(-3_600_000);
  await clock.advance(40_000);
  const error = await refused;
  expect(error).toMatchObject({ status: 503, code: 'idempotency_key_in_use' });
  expect(error instanceof NoAnswer && error.headers.get('retry-after')).toBe('1');
});

test('stops waiting when the client disconnects', async () => {
  const { clock, idempotency, first, waiting } = setUp();
  await first();
  const gone = new AbortController();
  const refused = idempotency.claim(request({ signal: gone.signal })).catch((error: unknown) => error);
  await waiting();
  gone.abort();
  expect(await refused).toMatchObject({ status: 503 });
  expect(clock.pending).toBe(0);
});

test('the key of a create whose process died becomes free after pendingMs', async () => {
  const { clock, idempotency, first } = setUp();
  await first();
  await clock.advance(65_001);
  expect((await idempotency.claim(request())).kind).toBe('first');
});

test('a claim that is renewed keeps its key for hours (attack: a stream longer than the time-out)', async () => {
  const { clock, idempotency, first } = setUp();
  const claim = await first();
  for (let minute = 0; minute < 180; minute += 1) {
    await clock.advance(60_000);
    await claim.renew();
  }
  await claim.settle(outcome);
  expect(await idempotency.claim(request())).toEqual({ kind: 'seen', outcome });
});

test('a renewal restores a key that the storage lost', async () => {
  const { clock, storage, idempotency, first, waiting } = setUp();
  const claim = await first();
  storage.lose();
  await claim.renew();
  const second = idempotency.claim(request());
  await waiting();
  await claim.settle(outcome);
  await clock.advance(1_000);
  expect(await second).toEqual({ kind: 'seen', outcome });
});

describe('an expired claim does not change the key of a later claim (attack: release without a claim)', () => {
  test.each(['release', 'renew', 'settle'] as const)('at %s', async (step) => {
    const { clock, idempotency, first, waiting } = setUp();
    const late = await first();
    await clock.advance(65_001);
    const holder = await first();
    await (step === 'settle' ? late.settle({ ...outcome, responseId: 'resp_late' }) : late[step]());
    const third = idempotency.claim(request());
    await waiting();
    await holder.settle(outcome);
    await clock.advance(1_000);
    expect(await third).toEqual({ kind: 'seen', outcome });
    await (step === 'settle' ? late.settle({ ...outcome, responseId: 'resp_late' }) : late[step]());
    expect(await idempotency.claim(request())).toEqual({ kind: 'seen', outcome });
  });
});

test('keeps an outcome for exactly the configured time', async () => {
  const { clock, idempotency, first } = setUp();
  await (await first()).settle(outcome);
  await clock.advance(day);
  expect((await idempotency.claim(request())).kind).toBe('seen');
  await clock.advance(1);
  expect((await idempotency.claim(request())).kind).toBe('first');
});

test.each(['', 'x'.repeat(256), 'ü', 'a\nb'])('refuses the invalid key %j', async (key) => {
  const { idempotency } = setUp();
  await expect(idempotency.claim(request({ key }))).rejects.toMatchObject({ status: 400 });
});
