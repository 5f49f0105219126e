import { expect, test } from 'vitest';
import { defineAgent } from '../../src/agent/define-agent.ts';
import { tool } from '../../src/agent/tool.ts';
import { scenario } from '../../test-support/scenario.ts';

/** A run whose tool records the context of each execution. Each execution needs an approval. */
function recordedContexts(calls: number) {
  const contexts: unknown[] = [];
  const work = tool({
    name: 'work',
    parameters: { jsonSchema: { type: 'object', properties: {} } },
    needsApproval: true,
    execute: (_args, { context }) => {
      contexts.push(context);
      return 'Done.';
    },
  });
  const agent = defineAgent({ name: 'worker', model: 'm', tools: [work] });
  const script = Array.from({ length: calls }, (_, call) => ({
    calls: [{ name: 'work', callId: `call_${call}` }],
  }));
  const s = scenario({ script: [...script, { text: 'Done.' }] });
  return { ...s, agent, contexts };
}

test('a detached run continues with the context that was passed last', async () => {
  const { runner, agent, contexts, settle, clock } = recordedContexts(1);
  const run = runner.start(agent, 'Go.', { runId: 'r', context: 'first' });
  await clock.advance(500);
  await settle(runner.resume(agent, 'r', { context: 'second' }));
  await clock.advance(60_000);
  expect(run.view.status).toBe('requires_action');
  await settle(run.detach());
  await settle(runner.resume(agent, 'r', { context: 'third' }));
  await settle(run.approve('call_0'));
  await settle(run.result());
  expect(contexts).toEqual(['third']);
});

test('a context that is passed while a decision continues the run is used after the next resume', async () => {
  const { runner, agent, contexts, settle, clock } = recordedContexts(2);
  const run = runner.start(agent, 'Go.', { runId: 'r', context: 'old' });
  await clock.advance(60_000);
  await settle(Promise.all([run.approve('call_0'), runner.resume(agent, 'r', { context: 'new' })]));
  await clock.advance(60_000);
  await settle(runner.resume(agent, 'r', { context: 'new' }));
  await settle(run.approve('call_1'));
  await settle(run.result());
  expect(contexts[1]).toBe('new');
});
