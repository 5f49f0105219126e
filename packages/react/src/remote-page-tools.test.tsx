import { tool } from '@longhaul/core';
import { agentRef } from '@longhaul/core/remote';
import { act, cleanup } from '@testing-library/react';
import { afterEach, expect, test } from 'vitest';
import * as z from 'zod';
import { renderAgentRun } from '../test-support/render-agent-run.tsx';
import { serveSite } from '../test-support/served-site.ts';
import { outputOf, support, supportModel } from '../test-support/support-agent.ts';

const agent = agentRef<typeof support>('support');

afterEach(cleanup);

test('one of two pages executes a call of a tool of the page, and both show its result', async () => {
  const executed: string[] = [];
  const toolsOf = (page: string) => [
    tool({
      name: 'locate',
      parameters: z.object({ precise: z.boolean() }),
      execute: ({ precise }) => {
        executed.push(page);
        return { city: 'Rome', precise };
      },
    }),
  ];
  const site = await serveSite({ agents: [support], script: supportModel, runMs: 20_000 });
  const first = renderAgentRun(site.openPage(undefined, toolsOf('first')), { agent }).result;
  act(() => void first.current.start('Locate me', { runId: 'r' }));
  await site.until(() => expect(site.creates).toBe(1));
  const second = renderAgentRun(site.openPage(undefined, toolsOf('second')), { agent, runId: 'r' }).result;
  await site.until(() => expect(second.current.status).toBe('in_progress'));
  await site.until(() => expect(first.current.status).toBe('completed'));
  await site.until(() => expect(second.current.status).toBe('completed'));
  for (const { current } of [first, second]) {
    expect(current.output).toEqual(outputOf('{"city":"Rome","precise":true}'));
    expect(current.toolCalls).toMatchObject([{ name: 'locate', status: 'completed' }]);
  }
  expect(executed).toHaveLength(1);
  expect(site.creates).toBe(2);
  // Both pages have asked for the lease.
  expect(site.received('POST /runs/r/calls/call_locate/lease').length).toBeGreaterThan(1);
});
