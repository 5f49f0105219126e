import { expect, test } from 'vitest';
import { opaqueId, withOpaqueIds } from './opaque-ids.ts';

test('a response has one name within a run, and another one in another run', () => {
  const name = opaqueId('resp_68af01', 'run_1');
  expect(name).toMatch(/^response_[\da-f]{24}$/);
  expect(opaqueId('resp_68af01', 'run_1')).toBe(name);
  expect(opaqueId('resp_68af02', 'run_1')).not.toBe(name);
  expect(opaqueId('resp_68af01', 'run_2')).not.toBe(name);
  // The boundary between the two ids counts.
  expect(opaqueId('1:a', 'run')).not.toBe(opaqueId('a', 'run:1'));
});

test.each([
  'resp_68af01bc',
  'resp-x',
  'chatcmpl-9aBcDe',
  'gen-1760000000-AbC',
  '3f2504e0-4f89-41d3-9a0c-0305e82c3301',
  'msg_68af01bc68af01bc68af01bc',
  '9f86d081884c7d659a2feaa0c55ad015',
])('in a text, %s is replaced with the name of the response', (id) => {
  expect(withOpaqueIds(`The stream of ${id} broke (eof).`, 'run_1')).toBe(
    `The stream of ${opaqueId(id, 'run_1')} broke (eof).`,
  );
});

test.each([
  'The call call_9f86d081884c7d659a2f is denied.',
  'Run 3f2504e0-4f89-41d3-9a0c-0305e82c3301 has used 120000 of 100000 tokens.',
  'The model gpt-6-astra-2026-03-01 has no internationalization.',
  'The response is incomplete: max_output_tokens.',
])('other words of a text stay: %s', (text) => {
  expect(withOpaqueIds(text, '3f2504e0-4f89-41d3-9a0c-0305e82c3301')).toBe(text);
});
