import { createRunner, fetchClient, type DrivingRunner, type Run } from '@longhaul/core';
import { createWorker, queueRunner } from '@longhaul/core/queue';
import { agentRef } from '@longhaul/core/remote';
import { postgresStore, type PostgresStore } from '@longhaul/core/store/postgres';
import { usePostgres } from '../../packages/core/test-support/postgres/postgres-database.ts';
import { helper, helperApi } from './helper-agent.ts';
import { testRunners } from './runner-suite.ts';
import { pageOf, type RunnerWorld } from './worlds.ts';

const { newPool, newSchema } = usePostgres();
const helperRef = agentRef<typeof helper>('helper');
const polling = { minMs: 100, maxMs: 100 };

function newStore(stack: AsyncDisposableStack, schema: string): PostgresStore {
  return stack.use(postgresStore({ database: newPool({ max: 6 }), schema }));
}

function newClient() {
  return fetchClient({ baseURL: 'http://api.test/v1', fetch: helperApi().fetch });
}

/** A front and a worker, each with a store of its own. */
async function queue(stack: AsyncDisposableStack, schema: string): Promise<DrivingRunner> {
  const worker = createWorker({
    client: newClient(),
    agents: [helper],
    store: newStore(stack, schema),
    polling,
  });
  stack.defer(() => worker.close({ graceMs: 0 }));
  await worker.start();
  const runner = queueRunner({ store: newStore(stack, schema), agents: [helper], client: newClient() });
  stack.defer(() => runner.close({ graceMs: 0 }));
  return runner;
}

type Start = RunnerWorld['start'];

async function world(
  runnerOf: (stack: AsyncDisposableStack, schema: string) => Promise<DrivingRunner>,
  isPage = false,
): Promise<RunnerWorld> {
  const stack = new AsyncDisposableStack();
  const schema = newSchema();
  const server = await runnerOf(stack, schema);
  const other = newStore(stack, schema);
  const page = isPage ? await pageOf(stack, server) : undefined;
  const start: Start = async (input, options) =>
    page === undefined
      ? server.start(helper, input, { ...options, watched: true })
      : (page.start(helperRef, input, options) as Run<typeof helper>);
  return {
    runner: page ?? server,
    start,
    deleteElsewhere: (runId) => other.delete(runId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

testRunners({
  'a runner on PostgreSQL that drives the run': () =>
    world(async (stack, schema) => {
      const store = newStore(stack, schema);
      const runner = createRunner({ client: newClient(), agents: [helper], store, polling });
      stack.defer(() => runner.close({ graceMs: 0 }));
      return runner;
    }),
  'a runner of a queue, whose worker drives the run': () => world(queue),
  'a page, whose server starts runs for workers': () => world(queue, true),
});
