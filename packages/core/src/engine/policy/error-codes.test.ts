import { expect, expectTypeOf, test } from 'vitest';
import type { ResponseError } from 'openai/resources/responses/responses';
import { classOfCode, isKnownCode } from './error-codes.ts';

/** The codes of the schema of the installed `openai`. A new code fails the type check here. */
const schema = [
  'server_error',
  'rate_limit_exceeded',
  'invalid_prompt',
  'data_residency_mismatch',
  'bio_policy',
  'misalignment_policy_violation',
  'vector_store_timeout',
  'invalid_image',
  'invalid_image_format',
  'invalid_base64_image',
  'invalid_image_url',
  'image_too_large',
  'image_too_small',
  'image_parse_error',
  'image_content_policy_violation',
  'invalid_image_mode',
  'image_file_too_large',
  'unsupported_image_media_type',
  'empty_image_file',
  'failed_to_download_image',
  'image_file_not_found',
] as const;

test('every code of the API’s schema has a class', () => {
  expectTypeOf<(typeof schema)[number]>().toEqualTypeOf<ResponseError['code']>();
  expect(schema.filter((code) => !isKnownCode(code))).toEqual([]);
});

test.each([
  ['rate_limit_exceeded', 'overload'],
  ['server_is_overloaded', 'overload'],
  ['slow_down', 'overload'],
  ['overloaded', 'overload'],
  ['engine_overloaded', 'overload'],
  ['server_error', 'transient'],
  ['vector_store_timeout', 'transient'],
  ['timeout', 'transient'],
  ['insufficient_quota', 'quota'],
  ['invalid_prompt', 'final'],
  ['bio_policy', 'final'],
  ['429', 'overload'],
  ['402', 'quota'],
  ['503', 'transient'],
  ['408', 'transient'],
  ['422', 'final'],
  ['200', undefined],
  ['SERVER_ERROR', 'transient'],
  ['something_new', undefined],
  ['', undefined],
  ['constructor', undefined],
])('%s has the class %s (pi 9669)', (code, expected) => {
  expect(classOfCode(code)).toBe(expected);
});
