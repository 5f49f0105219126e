import type { Runner } from '@longhaul/core';
import { vi } from 'vitest';

const runners = vi.hoisted((): Runner[] => []);
vi.mock(import('@longhaul/core/remote'), async (original) => {
  const { remoteRunner, ...others } = await original();
  const recorded: typeof remoteRunner = (options) => {
    const runner = remoteRunner(options);
    runners.push(runner);
    return runner;
  };
  return { ...others, remoteRunner: recorded };
});

/**
 * Closes the runners of all pages of the test. The connection of a page would otherwise be opened again after the
 * environment of the test has ended.
 */
export async function closeRunners(): Promise<void> {
  await Promise.all(runners.splice(0).map((runner) => runner.close({ graceMs: 0 })));
}
