import { createRunner } from '@longhaul/core';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import OpenAI from 'openai';
import { type Customer, support } from './agents.ts';
import { type User, userOf } from './site.ts';

const runner = createRunner({
  client: new OpenAI(),
  agents: [support],
  store: sqliteStore({ path: 'runs.db' }),
  context: ({ owner }): Customer | undefined => (owner === undefined ? undefined : { customer: owner }),
});
await runner.resumeAll().catch(console.error); // the error names the runs that cannot be resumed
process.once('SIGTERM', () => void runner.close().then(() => process.exit()));

const tooLong = () =>
  Response.json({ error: { code: 'too_long', message: 'The text is too long.' } }, { status: 422 });

/** (request: Request) => Promise<Response> */
export const handler = createRunsHandler<User>({
  runner,
  agents: ['support'], // the agents that visitors may start
  authorize: (request) => userOf(request) ?? new Response(null, { status: 401 }),
  may: (user, { owner }, action) => owner === user.id || (user.isStaff && action !== 'delete'),
  input: (_user, input) => (JSON.stringify(input).length < 20_000 ? input : tooLong()),
  limits: { activeRuns: 4, ownerTokensPerDay: 2_000_000 },
  onError: console.error,
});
