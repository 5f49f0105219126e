import { expect, test } from 'vitest';
import { SnapshotError } from '../errors/snapshot-error.ts';
import { createEmulator, manualClock, type Emulator } from './index.ts';

const script = [{ reasoning: 'Hm.', calls: [{ name: 'f' }] }, { text: 'Done.' }];
const options = { script, queuedMs: 100, runMs: 900 };

async function text(emulator: Emulator, path: string, body?: object): Promise<string> {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await emulator.fetch(`/v1/responses${path}`, init)).text();
}

test('an emulator restored from JSON has the states, streams, faults, counts and next ids of the original', async () => {
  const clock = manualClock(1_770_000_000_000);
  const before = createEmulator({ ...options, clock, faults: [{ fault: 'http', on: 'cancel', times: 2 }] });
  const create = { model: 'm', input: 'Hi', background: true, metadata: { run: '1' } };
  const id = /resp_\w+/.exec(await text(before, '', create))?.[0] ?? '';
  const streaming = before.fetch('/v1/responses', {
    method: 'POST',
    body: JSON.stringify({ ...create, stream: true }),
  });
  const whole = (async () => (await streaming).text())();
  await text(before, `/${id}/cancel`, {});
  await clock.advance(500);
  const saved: unknown = JSON.parse(JSON.stringify(before.snapshot()));
  const after = createEmulator({ ...options, clock });
  after.restore(saved as ReturnType<Emulator['snapshot']>);
  expect(after.requests).toEqual(before.requests);
  expect(after.faults).toHaveLength(1);
  await clock.advance(600);
  expect(after.generations).toBe(2);
  expect(await text(after, `/${id}`)).toBe(await text(before, `/${id}`));
  const streamed = /resp_\w+/.exec(await whole)?.[0] ?? '';
  expect(await text(after, `/${streamed}?stream=true`)).toBe(await whole);
  expect(await text(after, '', create)).toBe(await text(before, '', create));
});

test('an emulator restored from JSON has deleted responses, and the requests that deleted them', async () => {
  const clock = manualClock(1_770_000_000_000);
  const before = createEmulator({ ...options, clock });
  const id =
    /resp_\w+/.exec(await text(before, '', { model: 'm', input: 'Hi', background: true }))?.[0] ?? '';
  await clock.advance(1_000);
  await before.fetch(`/v1/responses/${id}`, { method: 'DELETE' });
  const after = createEmulator({ ...options, clock });
  after.restore(JSON.parse(JSON.stringify(before.snapshot())));
  expect((await after.fetch(`/v1/responses/${id}`)).status).toBe(404);
  expect(after.requests.at(-2)).toMatchObject({ method: 'DELETE', path: `/v1/responses/${id}` });
});

test('snapshots and the request log contain no keys or cookies of requests', async () => {
  const emulator = createEmulator({ ...options, apiKey: 'sk-very-secret' });
  await emulator.fetch('/v1/responses', {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk-very-secret',
      cookie: 'session=sk-very-secret',
      'idempotency-key': 'run/0/0',
    },
    body: JSON.stringify({ model: 'm', input: 'Hi', background: true }),
  });
  expect(JSON.stringify([emulator.snapshot(), emulator.requests])).not.toContain('secret');
  expect(emulator.requests[0]?.headers).toMatchObject({ 'idempotency-key': 'run/0/0' });
});

test('restore rejects a snapshot of another version with a SnapshotError', () => {
  const emulator = createEmulator(options);
  const snapshot = { ...emulator.snapshot(), version: 1 };
  expect(() => emulator.restore(snapshot as unknown as ReturnType<Emulator['snapshot']>)).toThrow(
    SnapshotError,
  );
});
