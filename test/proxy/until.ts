import { vi } from 'vitest';

/** Waits for what has to happen, however busy the machine is. */
export function until<T>(condition: () => T | Promise<T>) {
  return vi.waitUntil(condition, { timeout: 15_000, interval: 10 });
}
