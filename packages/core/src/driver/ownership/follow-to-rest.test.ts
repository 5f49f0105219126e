import { expect, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../../agent/define-agent.ts';
import { tool } from '../../agent/tool.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { memoryStore } from '../../store/memory-store.ts';
import { createEmulator } from '../../testing/emulator.ts';
import { manualClock } from '../../testing/manual-clock.ts';
import { createRunner } from '../runner/create-runner.ts';

test.each([0, 1_000, 3_000, 5_000])(
  'a follower that joins after %i ms sees that the run waits for a person, and can decide',
  async (joinAfter) => {
    const clock = manualClock();
    const emulator = createEmulator({
      script: [
        {
          text: 'Let me ask first. '.repeat(20),
          calls: [{ name: 'save', arguments: { note: 'x' } }],
          runMs: 6_000,
        },
        { text: 'Saved.' },
      ],
      clock,
    });
    const save = tool({
      name: 'save',
      parameters: z.object({ note: z.string() }),
      needsApproval: true,
      execute: () => 'saved',
    });
    const agent = defineAgent({ name: 'keeper', model: 'm', tools: [save] });
    const store = memoryStore({ clock });
    const client = fetchClient({ baseURL: 'http://openai.test/v1', fetch: emulator.fetch });
    const here = createRunner({ client, clock, store });
    const there = createRunner({ client, clock, store });
    const run = here.start(agent, 'Keep a note');
    await clock.advance(joinAfter + 20);
    const followed = await there.resume(agent, run.id);
    let shown = followed.view;
    followed.subscribe(() => {
      shown = followed.view;
    });
    await clock.advance(20_000);
    expect(run.view).toMatchObject({ status: 'requires_action', driver: 'none' });
    expect(shown).toMatchObject({ status: 'requires_action', toolCalls: [{ status: 'awaiting_approval' }] });
    await followed.approve(shown.toolCalls[0]?.callId ?? '');
    await clock.advance(20_000);
    expect(followed.view).toMatchObject({ status: 'completed', text: 'Saved.' });
    expect(run.view).toMatchObject({ status: 'completed', text: 'Saved.' });
    expect(emulator.generations).toBe(2);
  },
);
