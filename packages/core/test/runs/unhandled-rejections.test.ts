import process from 'node:process';
import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import type { RunStore } from '../../src/store/run-store.ts';

/** The unhandled rejections during `what`. In Node each ends the process. */
async function unhandledDuring(what: () => Promise<void>): Promise<string[]> {
  const seen: string[] = [];
  const usual = process.listeners('unhandledRejection');
  process.removeAllListeners('unhandledRejection');
  process.on('unhandledRejection', (error) => seen.push(String(error)));
  try {
    await what();
    await new Promise((resolve) => setTimeout(resolve, 20));
  } finally {
    process.removeAllListeners('unhandledRejection');
    for (const listener of usual) process.on('unhandledRejection', listener);
  }
  return seen;
}

/** Starts a run that continues an unknown run. */
async function continueUnknown(how: 'slow claim' | 'detached'): Promise<void> {
  const { clock, store, reboot, agent } = scenario();
  const slow: RunStore = {
    ...store,
    claim: async (...args) => {
      await clock.sleep(10);
      return (await store.claim?.(...args)) ?? false;
    },
  };
  const run = reboot(how === 'slow claim' ? { store: slow } : {}).start(agent, 'Hello.', {
    runId: 'r',
    continueFrom: 'unknown',
  });
  if (how === 'detached') await run.detach();
  await clock.advance(100);
}

test.each(['slow claim', 'detached'] as const)(
  'continueFrom of an unknown run causes no unhandled rejection (%s)',
  async (how) => {
    expect(await unhandledDuring(() => continueUnknown(how))).toEqual([]);
  },
);
