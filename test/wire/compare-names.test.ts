import { expect, test } from 'vitest';
import { differences } from './compare-names.ts';
import { openaiTypes, openaiVersion } from './openai-types.ts';

const types = openaiTypes();

test('a name that is new in openai is named, with the version that has it', () => {
  const api = types.fieldsOf('ResponseCreateParamsBase');
  expect(api).toContain('background_options');
  const known = api.filter((name) => name !== 'background_options');
  expect(differences({ who: 'the emulator', what: 'request field', api, known })).toEqual([
    `openai ${openaiVersion()} has the request field 'background_options', which the emulator does not know.`,
  ]);
});

test('a name with a reason is not named, unless the reason has lost its object', () => {
  const base = { who: 'the proxy', what: 'request field', api: ['a', 'b'], known: ['a'] };
  expect(differences({ ...base, excused: { b: 'r' } })).toEqual([]);
  expect(differences({ ...base, excused: { a: 'r', b: 'r', c: 'r' } })).toEqual([
    "The request field 'a' is excused, but the proxy knows it: take the excuse away.",
    `The request field 'c' is excused, but openai ${openaiVersion()} has it no more: take the excuse away.`,
  ]);
});

test('types are read through unions, namespaces and what they inherit', () => {
  expect(types.variantsOf('ResponseInputItem').flatMap(({ types: names }) => names)).toContain('program');
  expect(types.fieldsOf('ResponseUsage.InputTokensDetails')).toContain('cached_tokens');
  expect(types.fieldsOf('ResponseCreateParamsStreaming')).toContain('model');
  expect(() => types.fieldsOf('ResponseOfTomorrow')).toThrow("openai's types have no ResponseOfTomorrow");
});
