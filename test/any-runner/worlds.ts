import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { getRequestListener } from '@hono/node-server';
import {
  type Agent,
  createRunner,
  type DrivingRunner,
  fetchClient,
  memoryStore,
  type Run,
  type Runner,
  type RunStore,
} from '@longhaul/core';
import { agentRef, remoteRunner, type RemoteRunnerOptions } from '@longhaul/core/remote';
import { createRunsHandler } from '@longhaul/core/server';
import { sqliteStore } from '@longhaul/core/store/sqlite';
import { listen } from '../proxy/listening-server.ts';
import { startDriver } from './driver.ts';
import { helper, helperApi } from './helper-agent.ts';

export interface StartOptions {
  readonly runId?: string;
  readonly continueFrom?: string;
}

/** A runner, and a way to start runs of the helper agent that it shows. */
export interface RunnerWorld extends AsyncDisposable {
  readonly runner: Runner;
  start(input: string, options?: StartOptions): Promise<Run<typeof helper>>;
  /** Deletes a run that has ended from the store, as a process without this runner does. */
  deleteElsewhere(runId: string): Promise<void>;
}

const owner = 'ann';
const helperRef = agentRef<typeof helper>('helper');

function drivingRunner(store: RunStore): DrivingRunner {
  return createRunner({
    client: fetchClient({ baseURL: 'http://api.test/v1', fetch: helperApi().fetch }),
    agents: [helper],
    store,
    polling: { minMs: 100, maxMs: 100 },
  });
}

async function localWorld(): Promise<RunnerWorld> {
  const store = memoryStore();
  const runner = drivingRunner(store);
  return {
    runner,
    start: async (input, options) => runner.start(helper, input, options),
    deleteElsewhere: (runId) => store.delete(runId),
    [Symbol.asyncDispose]: () => runner.close({ graceMs: 0 }),
  };
}

/** A file in a folder of its own, which is removed at the end. */
async function databaseFile(): Promise<{ readonly path: string } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'longhaul-any-'));
  return {
    path: join(folder, 'runs.db'),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

/** A runner, and another process that drives the runs, on one SQLite file. */
export async function following(stack: AsyncDisposableStack, agents: readonly Agent[] = []) {
  const { path } = stack.use(await databaseFile());
  const driver = stack.use(await startDriver(path, owner));
  const store = stack.use(sqliteStore({ path }));
  const client = fetchClient({ baseURL: 'http://api.test/v1', fetch: helperApi().fetch });
  const runner = createRunner({ client, store, agents });
  stack.defer(() => runner.close({ graceMs: 0 }));
  return { runner, driver, path };
}

async function followerWorld(): Promise<RunnerWorld> {
  const stack = new AsyncDisposableStack();
  const { runner, driver, path } = await following(stack);
  const other = stack.use(sqliteStore({ path }));
  return {
    runner,
    start: async (input, options = {}) => {
      const runId = options.runId ?? randomUUID();
      await driver.start({ ...options, runId, input });
      const run = await runner.follow(runId);
      return run as Run<typeof helper>;
    },
    deleteElsewhere: (runId) => other.delete(runId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

/** A page's runner, connected over HTTP to a server with this runner. */
export async function pageOf(
  stack: AsyncDisposableStack,
  runner: DrivingRunner,
  options: Partial<RemoteRunnerOptions> = {},
): Promise<Runner> {
  const handler = createRunsHandler<string>({
    runner,
    agents: ['helper'],
    authorize: (request) => request.headers.get('x-user') ?? new Response(null, { status: 401 }),
    limits: { startsPerMinute: 1_000, activeRuns: 100, streams: 1_000 },
    showErrors: true,
  });
  const server = stack.use(await listen(getRequestListener(handler, { overrideGlobalObjects: false })));
  const baseURL = `http://127.0.0.1:${server.port}/api/longhaul`;
  const page = remoteRunner({ baseURL, headers: { 'x-user': owner }, ...options });
  stack.defer(() => page.close({ graceMs: 0 }));
  return page;
}

async function remoteWorld(): Promise<RunnerWorld> {
  const stack = new AsyncDisposableStack();
  const store = memoryStore();
  const server = drivingRunner(store);
  stack.defer(() => server.close({ graceMs: 0 }));
  const runner = await pageOf(stack, server);
  return {
    runner,
    start: async (input, options) => runner.start(helperRef, input, options) as Run<typeof helper>,
    deleteElsewhere: (runId) => store.delete(runId),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
}

export const worlds: Readonly<Record<string, () => Promise<RunnerWorld>>> = {
  'a runner that drives the run': localWorld,
  'a runner that follows a run of another process': followerWorld,
  'a page, whose server drives the run': remoteWorld,
};
