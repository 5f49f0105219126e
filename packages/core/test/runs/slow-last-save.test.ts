import { expect, test } from 'vitest';
import type { RunStore } from '../../src/store/run-store.ts';
import { scenario } from '../../test-support/scenario.ts';

test.each([
  { saveMs: 5_000, graceMs: 0 },
  { saveMs: 9_000, graceMs: 2_000 },
  { saveMs: 14_500, graceMs: 10_000 },
])(
  'the next process drives the run after a last save of $saveMs ms, with a grace of $graceMs ms',
  async ({ saveMs, graceMs }) => {
    const s = scenario();
    let isSlow = false;
    let saves = false;
    const slow: RunStore = {
      ...s.store,
      commit: async (change) => {
        saves = isSlow;
        if (isSlow) await s.clock.sleep(saveMs);
        return s.store.commit(change);
      },
    };
    const runner = s.reboot({ store: slow });
    const run = runner.start(s.agent, 'Hello.', { runId: 'r' });
    while (run.view.status !== 'in_progress') await s.clock.advance(100);
    isSlow = true;
    while (!saves) await s.clock.advance(100);
    await s.settle(runner.close({ graceMs }));
    const next = await s.settle(s.reboot({ store: slow }).resume(s.agent, 'r'));
    expect((await s.settle(next.result())).view.status).toBe('completed');
  },
);
