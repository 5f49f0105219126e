import { expect, test } from 'vitest';
import { statedDelayMs } from './stated-delay.ts';

test.each([
  ['Rate limit reached for gpt-6 (TPM): Limit 30000. Please try again in 22s. Visit https://x.', 22_000],
  ['Please try again in 1m30s.', 90_000],
  ['Please try again in 1m30.5s.', 90_500],
  ['Please try again in 6m0s.', 360_000],
  ['Please try again in 250ms.', 250],
  ['Please try again in 1.337s.', 1_337],
  ['Try again in 20 seconds.', 20_000],
  ['please retry after 2 minutes', 120_000],
  ['Please wait for 1 hour 5 minutes', 3_900_000],
  ['You can retry your request in about 3 seconds', 3_000],
  ['RETRY AFTER 7 SECS', 7_000],
])('reads the delay of a message: %s (codex 2131)', (message, ms) => {
  expect(statedDelayMs(message)).toBe(ms);
});

test.each([
  '',
  'Rate limit reached.',
  'Please try again later.',
  'Please try again in a moment.',
  'Used 22s of audio.',
  'Requests in 1m: 500.',
  'Try again in 5 parsecs.',
])('finds no delay in a message: %s', (message) => {
  expect(statedDelayMs(message)).toBeUndefined();
});
