import { getRequestListener } from '@hono/node-server';
import {
  createRunner,
  defineAgent,
  fetchClient,
  memoryStore,
  type Agent,
  type DrivingRunner,
  type RunStore,
} from '@longhaul/core';
import { createRunsHandler, type RunsHandlerOptions } from '@longhaul/core/server';
import { createEmulator, type Emulator, type EmulatorOptions, type Script } from '@longhaul/core/testing';
import { listen } from '../proxy/listening-server.ts';

export interface SiteOptions extends Partial<Omit<RunsHandlerOptions<string>, 'runner'>> {
  readonly script?: Script;
  readonly emulator?: Partial<EmulatorOptions>;
  /** The agents of the runner. The first one may be started. */
  readonly runnerAgents?: readonly Agent[];
  readonly store?: RunStore;
  /** The emulator of another site, for a second process. */
  readonly api?: Emulator;
}

type AskInit = Omit<RequestInit, 'body'> & { readonly user?: string; readonly body?: unknown };

/** A site with the handler at `/api/longhaul`, over real HTTP. The visitor is the value of `x-user`. */
export interface RunsSite extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  readonly api: Emulator;
  readonly runner: DrivingRunner;
  /** The errors that were reported to the operator. */
  readonly errors: unknown[];
  /** Sends a request as a visitor. An object as `body` is sent as JSON. */
  ask(path: string, init?: AskInit): Promise<Response>;
  post(path: string, body: unknown, init?: AskInit): Promise<Response>;
}

const support = defineAgent({ name: 'support', model: 'gpt-6-astra', instructions: 'Be kind.' });

export async function startRunsSite(options: SiteOptions = {}): Promise<RunsSite> {
  const { script = [{ text: 'Done.' }], emulator, runnerAgents = [support], store, api, ...given } = options;
  const upstream = api ?? createEmulator({ script, queuedMs: 1, runMs: 5, ...emulator });
  const errors: unknown[] = [];
  const runner = createRunner({
    client: fetchClient({ baseURL: 'http://api.test/v1', fetch: upstream.fetch }),
    agents: runnerAgents,
    store: store ?? memoryStore(),
    polling: { minMs: 100, maxMs: 100 },
  });
  const handler = createRunsHandler<string>({
    runner,
    agents: runnerAgents.slice(0, 1).map(({ name }) => name),
    authorize: (request) => request.headers.get('x-user') ?? new Response('Who are you?', { status: 401 }),
    onError: (error) => errors.push(error),
    ...given,
  });
  const server = await listen(getRequestListener(handler, { overrideGlobalObjects: false }));
  const url = `http://127.0.0.1:${server.port}/api/longhaul`;
  const ask: RunsSite['ask'] = (path, { user = 'ann', headers, body, ...init } = {}) => {
    const all = new Headers(headers);
    if (!all.has('x-user')) all.set('x-user', user);
    if (body !== undefined && !all.has('content-type')) all.set('content-type', 'application/json');
    const text = body === undefined || typeof body === 'string' ? body : JSON.stringify(body);
    return fetch(url + path, { ...init, headers: all, ...(text === undefined ? {} : { body: text }) });
  };
  return {
    url,
    port: server.port,
    api: upstream,
    runner,
    errors,
    ask,
    post: (path, body, init) => ask(path, { method: 'POST', body, ...init }),
    async [Symbol.asyncDispose]() {
      await server[Symbol.asyncDispose]();
      await runner.close({ graceMs: 0 });
    },
  };
}
