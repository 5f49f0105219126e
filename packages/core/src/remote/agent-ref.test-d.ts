import { expectTypeOf, test } from 'vitest';
import * as z from 'zod';
import { defineAgent } from '../agent/define-agent.ts';
import { tool } from '../agent/tool.ts';
import type { AgentRef } from '../agent/agent-ref.ts';
import type { ContextOf, OutputOf, RunViewOf } from '../agent/agent-types.ts';
import type { Run } from '../run/run.ts';
import { agentRef } from './agent-ref.ts';
import { remoteRunner } from './remote-runner.ts';

const support = defineAgent({
  name: 'support',
  model: 'm',
  output: z.object({ answer: z.string(), until: z.string().transform((text) => new Date(text)) }),
  tools: [
    tool({
      name: 'look_up',
      parameters: z.object({ order: z.string() }),
      execute: (_args, _context: { readonly context: { readonly userId: string } }) => ({ state: 'sent' }),
    }),
  ],
});
const reference = agentRef<typeof support>('support');

test('a reference has the name and the types of the agent, and no code', () => {
  expectTypeOf(reference.name).toEqualTypeOf<'support'>();
  expectTypeOf(reference).toExtend<AgentRef>();
  expectTypeOf<keyof typeof reference>().toEqualTypeOf<'name' | '~types'>();
  expectTypeOf<OutputOf<typeof support>>().toEqualTypeOf<{ answer: string; until: Date }>();
  // The schema transforms the output on the server. The page receives the JSON of the model.
  expectTypeOf<OutputOf<typeof reference>>().toEqualTypeOf<{ answer: string; until: string }>();
  expectTypeOf<RunViewOf<typeof reference>>().toEqualTypeOf<RunViewOf<typeof support>>();
  // @ts-expect-error The agent has another name.
  agentRef<typeof support>('sales');
});

test('the context of the agent’s tools is on the server, so a page does not pass it', () => {
  expectTypeOf<ContextOf<typeof reference>>().toEqualTypeOf<unknown>();
});

test('runs of a reference have the agent’s types', () => {
  const runner = remoteRunner({ baseURL: '/api' });
  const run = runner.start(reference, 'Hi');
  expectTypeOf(run).toEqualTypeOf<Run<typeof reference>>();
  expectTypeOf<Awaited<ReturnType<typeof run.result>>['output']>().toEqualTypeOf<{
    answer: string;
    until: string;
  }>();
  expectTypeOf(run.view.toolCalls[0]?.name).toEqualTypeOf<'look_up' | undefined>();
  expectTypeOf(run.view.output).toEqualTypeOf<{ answer: string; until: string } | undefined>();
});
