import { createEmulator, type Emulator } from '@longhaul/core/testing';
import { expect, test } from 'vitest';
import { faultRoutes } from './fault-routes.ts';

function setUp(): {
  readonly emulator: Emulator;
  readonly order: (name: string, on: boolean) => Promise<unknown>;
} {
  const emulator = createEmulator({ script: [{ text: 'Done.' }] });
  const routes = faultRoutes(emulator, undefined);
  const order = async (name: string, on: boolean): Promise<unknown> => {
    const response = await routes.request('/faults', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name, on }),
    });
    return response.ok ? (await response.json()).on : response.status;
  };
  return { emulator, order };
}

test('an armed fault is listed until it has taken effect', async () => {
  const { emulator, order } = setUp();
  expect(await order('rate-limit', true)).toEqual(['rate-limit']);
  expect(await order('hold-queue', true)).toEqual(['rate-limit', 'hold-queue']);
  const create = await emulator.fetch('http://emulator.test/v1/responses', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'gpt-6-astra', input: 'Hello', background: true }),
  });
  expect(create.status).toBe(429);
  expect(await order('hold-queue', false)).toEqual([]);
});

test('one fault is disarmed without the others, and a repeated request arms it only once', async () => {
  const { emulator, order } = setUp();
  await order('lose-create', true);
  await order('rate-limit', true);
  await order('rate-limit', true);
  expect(emulator.faults).toHaveLength(2);
  expect(await order('lose-create', false)).toEqual(['rate-limit']);
});

test('an unknown fault is answered 400', async () => {
  const { order } = setUp();
  expect(await order('set-fire', true)).toBe(400);
});
