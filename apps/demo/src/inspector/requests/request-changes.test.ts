import { expect, test } from 'vitest';
import { requestChanges } from './request-changes.ts';

test('changed fields are first, unchanged fields last', () => {
  const fields = requestChanges(
    { model: 'm', input: [{ call_id: 'c' }], previous_response_id: 'resp_1' },
    { model: 'm', input: [{ role: 'user' }], include: ['x'] },
  );
  expect(fields.map(({ name, change }) => [name, change])).toEqual([
    ['previous_response_id', 'added'],
    ['input', 'changed'],
    ['include', 'removed'],
    ['model', 'same'],
  ]);
});

test('all fields of the first request are added', () => {
  expect(
    requestChanges({ model: 'm', background: true }, undefined).every(({ change }) => change === 'added'),
  ).toBe(true);
});
