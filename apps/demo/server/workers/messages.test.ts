import { expect, test } from 'vitest';
import { readMessageToSupervisor, readMessageToWeb } from './messages.ts';

test('the processes ignore messages that they do not know', () => {
  const order = { type: 'order', action: 'stop', worker: 1 };
  expect(readMessageToSupervisor(order)).toEqual(order);
  expect(readMessageToSupervisor({ ...order, action: 'pause' })).toBeUndefined();
  expect(readMessageToSupervisor('stop')).toBeUndefined();
  const workers = { type: 'workers', workers: [{ number: 1, pid: null }] };
  expect(readMessageToWeb(workers)).toEqual(workers);
  expect(readMessageToWeb(order)).toBeUndefined();
});
