import { describe, expect, test } from 'vitest';
import * as z from 'zod';
import { scenario } from '../../test-support/scenario.ts';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { createRunner } from '../../src/driver/runner/create-runner.ts';
import { fetchClient } from '../../src/client/fetch-client.ts';
import type { Decision } from '../../src/engine/decision.ts';
import { DecisionError } from '../../src/errors/decision-error.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import type { RunStore } from '../../src/store/run-store.ts';
import { createEmulator } from '../../src/testing/index.ts';

const locate = tool({ name: 'locate', parameters: z.object({}) });
const book = tool({ name: 'book', parameters: z.object({}), needsApproval: true });
const script = [
  {
    calls: [
      { name: 'locate', callId: 'call_l' },
      { name: 'book', callId: 'call_b' },
    ],
  },
  { text: 'Done.' },
];

describe('run.hasDecided', () => {
  async function decided(...decisions: readonly (readonly Decision[])[]) {
    const s = scenario({ script, tools: [locate, book] });
    const run = s.start();
    await s.clock.advance(60_000);
    for (const message of decisions) await run.respond(message);
    return run;
  }

  const output: Decision = { type: 'output', callId: 'call_l', output: { at: [1, 2], city: 'Paris' } };

  test('is true for the recorded content, regardless of the order of fields', async () => {
    const run = await decided([output]);
    expect(await run.hasDecided([output], 0)).toBe(true);
    const text: Decision = { type: 'output', callId: 'call_l', output: '{"at":[1,2],"city":"Paris"}' };
    expect(await run.hasDecided([text], 0)).toBe(true);
    expect(await run.hasDecided([{ ...output, output: { at: [1] } }], 0)).toBe(false);
    expect(await run.hasDecided([{ type: 'error', callId: 'call_l', message: 'No.' }], 0)).toBe(false);
  });

  test('is false for another iteration, another call, and a recorded decision with a new one', async () => {
    const run = await decided([output]);
    expect(await run.hasDecided([output], 1)).toBe(false);
    expect(await run.hasDecided([{ ...output, callId: 'call_x' }], 0)).toBe(false);
    expect(await run.hasDecided([output, { type: 'approve', callId: 'call_b' }], 0)).toBe(false);
  });

  test('is true for an approval that an output has followed', async () => {
    const approve: Decision = { type: 'approve', callId: 'call_b' };
    const run = await decided([approve], [{ type: 'output', callId: 'call_b', output: 'booked' }]);
    expect(await run.hasDecided([approve], 0)).toBe(true);
    expect(await run.hasDecided([{ type: 'deny', callId: 'call_b' }], 0)).toBe(false);
  });

  test('a denial without a reason is not one with a reason', async () => {
    const run = await decided([{ type: 'deny', callId: 'call_b' }]);
    expect(await run.hasDecided([{ type: 'deny', callId: 'call_b' }], 0)).toBe(true);
    expect(await run.hasDecided([{ type: 'deny', callId: 'call_b', reason: 'No.' }], 0)).toBe(false);
  });

  test('rejects an invalid decision', async () => {
    const run = await decided([output]);
    // @ts-expect-error The decision has no type.
    await expect(run.hasDecided([{ callId: 'call_l' }], 0)).rejects.toThrow(DecisionError);
  });
});

describe('run.saved', () => {
  const agent = defineAgent({ name: 'support', model: 'm' });

  function runnerWith(store: RunStore) {
    const emulator = createEmulator({ script: [{ text: 'Done.' }], queuedMs: 1, runMs: 1 });
    return createRunner({
      client: fetchClient({ baseURL: 'http://api.test', fetch: emulator.fetch }),
      store,
    });
  }

  test('resolves when the store has the run', async () => {
    const store = memoryStore();
    const run = runnerWith(store).start(agent, 'Hi', { runId: 'run-1' });
    await run.saved();
    expect(await store.load('run-1')).toMatchObject({ head: { runId: 'run-1' } });
    await run.result();
    await run.saved();
  });

  test('rejects if another run has the id', async () => {
    const store = memoryStore();
    await runnerWith(store).start(agent, 'Hi', { runId: 'run-1' }).result();
    const second = runnerWith(store).start(agent, 'Ho', { runId: 'run-1' });
    await expect(second.saved()).rejects.toMatchObject({ code: 'conflict' });
  });

  test('rejects if the run is detached before it is saved', async () => {
    const store = memoryStore();
    const waiting: RunStore = { ...store, commit: () => new Promise(() => undefined) };
    const run = runnerWith(waiting).start(agent, 'Hi');
    const saved = expect(run.saved()).rejects.toMatchObject({ code: 'detached' });
    await run.detach({ graceMs: 0 });
    await saved;
  });
});

test('a runner names its agents', () => {
  const agent = defineAgent({ name: 'support', model: 'm' });
  const client = fetchClient({ baseURL: 'http://api.test' });
  expect(createRunner({ client, agents: [agent] }).agents).toEqual([agent]);
  expect(createRunner({ client }).agents).toEqual([]);
});
