import { describe, expect, test } from 'vitest';
import { pollAfterMs, retryAfterMs } from './retry-after.ts';

function headers(entries: { readonly [name: string]: string }): Headers {
  return new Headers(entries);
}

describe('retryAfterMs', () => {
  test.each([
    ['seconds', { 'retry-after': '7' }, 7_000],
    ['fractions of seconds', { 'retry-after': '0.25' }, 250],
    ['milliseconds, which are exact', { 'retry-after-ms': '1500', 'retry-after': '9' }, 1_500],
    ['zero', { 'retry-after': '0' }, 0],
    [
      'a date, by the server’s own clock',
      { 'retry-after': 'Mon, 23 Nov 2026 10:00:30 GMT', date: 'Mon, 23 Nov 2026 10:00:00 GMT' },
      30_000,
    ],
    [
      'a date in the past',
      { 'retry-after': 'Mon, 23 Nov 2026 09:00:00 GMT', date: 'Mon, 23 Nov 2026 10:00:00 GMT' },
      0,
    ],
  ])('reads %s', (_name, entries, expected) => {
    expect(retryAfterMs(headers(entries))).toBe(expected);
  });

  test.each([
    ['nothing', {}],
    ['words', { 'retry-after': 'soon' }],
    ['a negative number', { 'retry-after': '-5' }],
    ['infinity', { 'retry-after': 'Infinity' }],
    ['an empty value', { 'retry-after-ms': '', 'retry-after': '' }],
  ])('is undefined for %s', (_name, entries) => {
    expect(retryAfterMs(headers(entries))).toBeUndefined();
  });

  test('compares a date with the local clock if the server sends no date header', () => {
    const soon = new Date(Date.now() + 15_000).toUTCString();
    expect(retryAfterMs(headers({ 'retry-after': soon }))).toBeGreaterThan(5_000);
    expect(retryAfterMs(headers({ 'retry-after': 'Mon, 23 Nov 2020 10:00:30 GMT' }))).toBe(0);
  });

  test('pollAfterMs prefers openai-poll-after-ms to Retry-After', () => {
    expect(pollAfterMs(headers({ 'openai-poll-after-ms': '2500', 'retry-after': '60' }))).toBe(2_500);
    expect(pollAfterMs(headers({ 'retry-after': '60' }))).toBe(60_000);
    expect(pollAfterMs(headers({}))).toBeUndefined();
  });
});
