import { vi } from 'vitest';
import { untilTestEnds } from '../../packages/core/test-support/patience.ts';

/** Waits for a condition, regardless of how busy the machine is. */
export function until<T>(condition: () => T | Promise<T>) {
  return vi.waitUntil(condition, { timeout: untilTestEnds, interval: 10 });
}
