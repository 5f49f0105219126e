import { expect, test } from 'vitest';
import { differences } from './compare-names.ts';
import { openaiTypes, openaiVersion } from './openai-types.ts';

const types = openaiTypes();

test('reports a name that is new in openai, with its version', () => {
  const api = types.fieldsOf('ResponseCreateParamsBase');
  expect(api).toContain('background_options');
  const known = api.filter((name) => name !== 'background_options');
  expect(differences({ who: 'the emulator', what: 'request field', api, known })).toEqual([
    `openai ${openaiVersion()} has the request field 'background_options', which the emulator does not know.`,
  ]);
});

test('does not report a name with a reason, unless the reason is no longer needed', () => {
  const base = { who: 'the proxy', what: 'request field', api: ['a', 'b'], known: ['a'] };
  expect(differences({ ...base, excused: { b: 'r' } })).toEqual([]);
  expect(differences({ ...base, excused: { a: 'r', b: 'r', c: 'r' } })).toEqual([
    "The request field 'a' has a reason to be unknown, but the proxy knows it. Remove the reason.",
    `The request field 'c' has a reason, but openai ${openaiVersion()} does not have it. Remove the reason.`,
  ]);
});

test('reads types through unions, namespaces and inheritance', () => {
  expect(types.variantsOf('ResponseInputItem').flatMap(({ types: names }) => names)).toContain('program');
  expect(types.fieldsOf('ResponseUsage.InputTokensDetails')).toContain('cached_tokens');
  expect(types.fieldsOf('ResponseCreateParamsStreaming')).toContain('model');
  expect(() => types.fieldsOf('ResponseOfTomorrow')).toThrow("openai's types have no ResponseOfTomorrow");
});
