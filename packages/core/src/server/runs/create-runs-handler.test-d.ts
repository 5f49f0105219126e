import { expectTypeOf, test } from 'vitest';
import { defineAgent } from '../../agent/define-agent.ts';
import { fetchClient } from '../../client/fetch-client.ts';
import { createRunner } from '../../driver/runner/create-runner.ts';
import { createRunsHandler } from './create-runs-handler.ts';

const client = fetchClient({ baseURL: 'http://api.test' });
const agents = [defineAgent({ name: 'support', model: 'm' })];

test('every runner of createRunner fits, with and without a context', () => {
  const plain = createRunner({ client, agents });
  const providing = createRunner({ client, agents, context: ({ owner }) => ({ customer: owner }) });
  for (const runner of [plain, providing]) {
    const handler = createRunsHandler({ runner, agents: ['support'], authorize: () => 'ann' });
    expectTypeOf(handler).toEqualTypeOf<(request: Request) => Promise<Response>>();
  }
});

test('the hooks get the principal that `authorize` returns', () => {
  createRunsHandler({
    runner: createRunner({ client, agents }),
    agents: ['support'],
    authorize: async (): Promise<{ id: string; isStaff: boolean } | Response> => ({
      id: 'ann',
      isStaff: true,
    }),
    may: (principal, { owner }, action) => {
      expectTypeOf(action).toEqualTypeOf<'read' | 'decide' | 'cancel' | 'delete'>();
      return principal.isStaff || owner === principal.id;
    },
    input: (principal, input, { agent }) => {
      expectTypeOf(agent).toBeString();
      return principal.isStaff ? input : new Response(null, { status: 403 });
    },
  });
});
