import { expect, test } from 'vitest';
import { readRetrieveQuery, refuseQuery } from './retrieve-query.ts';

const include = ['reasoning.encrypted_content'];

test('accepts the parameters of a retrieve', () => {
  const query =
    'stream=true&starting_after=17&include%5B%5D=reasoning.encrypted_content&include_obfuscation=false';
  expect(readRetrieveQuery(new URLSearchParams(query), include).toString()).toBe(query);
});

test.each([
  'beta=true',
  'stream=yes',
  'stream=true&stream=false',
  'starting_after=-1',
  'starting_after=',
  'starting_after=1e3',
  'starting_after=1&starting_after=2',
  'include=file_search_call.results',
  'include[]=code_interpreter_call.outputs',
  'include_obfuscation=1',
  '__proto__=1',
  'api-version=2',
])('refuses %s', (query) => {
  expect(() => readRetrieveQuery(new URLSearchParams(query), include)).toThrow(/not accepted/);
});

test('refuses any query of a create or a cancel', () => {
  expect(() => refuseQuery(new URLSearchParams('stream=true'))).toThrow(/not accepted/);
  expect(() => refuseQuery(new URLSearchParams(''))).not.toThrow();
});
