import { expect, test } from 'vitest';
import { scenario } from '../../test-support/scenario.ts';
import { tool } from '../../src/agent/tool.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { manualClock } from '../../src/testing/index.ts';

const parameters = { jsonSchema: { type: 'object', properties: {} } };
const callIds = Array.from({ length: 60 }, (_, n) => `call_${n}`);

test.each(['with notices', 'without notices'])(
  'sixty outputs that a follower submits together are all accepted within seconds (a store %s)',
  async (kind) => {
    const clock = manualClock(1_770_000_000_000);
    const { watch, publish, ...silent } = memoryStore({ clock });
    const store = kind === 'with notices' ? { ...silent, watch, publish } : silent;
    const busy = tool({ name: 'busy', parameters, execute: () => clock.sleep(60_000) });
    const s = scenario({
      clock,
      script: [
        { calls: [{ name: 'busy' }, ...callIds.map((callId) => ({ name: 'ask', callId }))] },
        { text: 'Thanks.' },
      ],
      tools: [tool({ name: 'ask', parameters }), busy],
      runner: { store },
    });
    const run = s.start('Ask me.');
    await clock.advance(20_000);
    const follower = await s.settle(s.reboot().resume(s.agent, run.id));
    await clock.advance(2_000);
    expect(follower.view.driver).toBe('elsewhere');
    let accepted = 0;
    const all = callIds.map((callId) =>
      follower.submitToolOutput(callId, 'Now.').then(() => (accepted += 1)),
    );
    await clock.advance(10_000);
    expect(accepted).toBe(60);
    await s.settle(Promise.all(all));
    expect((await s.settle(follower.result())).text).toBe('Thanks.');
  },
);
