import { expect, test } from 'vitest';
import { addUsage, readUsage } from './read-usage.ts';
import { noUsage } from './usage.ts';

const full = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4, cache_write_tokens: 1 },
  output_tokens: 5,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 15,
};
const read = {
  inputTokens: 10,
  cachedInputTokens: 4,
  outputTokens: 5,
  reasoningTokens: 2,
  totalTokens: 15,
  cacheWriteTokens: 1,
};

test('reads the API’s usage', () => {
  expect(readUsage(full)).toEqual(read);
});

test.each([
  null,
  {},
  { input_tokens: '10', total_tokens: null, input_tokens_details: null },
  { input_tokens: -1, output_tokens: Number.NaN, total_tokens: Number.POSITIVE_INFINITY },
])('counts missing or malformed values as zero: %j', (usage) => {
  expect(readUsage(usage)).toEqual(noUsage);
});

test('adds usage', () => {
  expect(addUsage(read, read)).toMatchObject({ inputTokens: 20, reasoningTokens: 4, totalTokens: 30 });
  expect(addUsage(noUsage, read)).toEqual(read);
});
