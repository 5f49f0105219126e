import { expect, test } from 'vitest';
import { scenario } from '../../../test-support/scenario.ts';
import type { RunStore } from '../../store/run-store.ts';
import { memoryStore } from '../../store/memory-store.ts';

test.each([
  ['saves late', 1_000],
  ['never saves', Number.POSITIVE_INFINITY],
])(
  'a resume from a snapshot waits for a process that has the claim of the run and %s',
  async (_how, saveMs) => {
    const s = scenario({ emulator: { runMs: 60_000 } });
    const run = s.start('Umbrella?', { runId: 'r' });
    await s.clock.advance(3_000);
    await s.settle(run.detach());
    const snapshot = run.snapshot();

    const store = memoryStore({ clock: s.clock });
    const isDead = saveMs === Number.POSITIVE_INFINITY;
    const slow: RunStore = {
      ...store,
      commit: async (change) => {
        await (isDead ? new Promise(() => undefined) : s.clock.sleep(saveMs));
        return store.commit(change);
      },
      // A dead process does not renew its claim.
      ...(isDead && { renew: async () => [], claim: claimOnce(store) }),
    };
    s.reboot({ store: slow })
      .resume(s.agent, snapshot)
      .catch(() => undefined);
    await s.clock.advance(100);
    const other = s.reboot({ store });
    const resumed = await s.settle(other.resume(s.agent, snapshot));
    expect(resumed.view.driver).toBe(isDead ? 'here' : 'elsewhere');
    expect(await s.settle(resumed.result())).toMatchObject({ text: 'Leave the umbrella at home.' });
    expect(s.executed).toEqual(['Paris']);
  },
);

function claimOnce(store: RunStore): NonNullable<RunStore['claim']> {
  let isFirst = true;
  return async (runId, owner, ttlMs) => {
    const claimed = isFirst && ((await store.claim?.(runId, owner, ttlMs)) ?? false);
    isFirst = false;
    return claimed;
  };
}
