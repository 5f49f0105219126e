import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { getRequestListener } from '@hono/node-server';
import type { DrivingRunner, Runner, Tool } from '@longhaul/core';
import { remoteRunner } from '@longhaul/core/remote';
import { createRunsHandler, type RunsHandlerOptions } from '@longhaul/core/server';
import { onTestFinished } from 'vitest';
import { DrivingSite, type Site, type SiteOptions } from './site.ts';

export interface ServedSiteOptions extends SiteOptions {
  readonly limits?: RunsHandlerOptions['limits'];
  readonly may?: RunsHandlerOptions<string>['may'];
}

interface ServerProcess {
  readonly runner: DrivingRunner;
  readonly listener: ReturnType<typeof getRequestListener>;
}

/** A site whose server drives the runs. Its pages use real HTTP on loopback. */
export class ServedSite extends DrivingSite implements Site {
  /** The requests that the server has received, such as `POST /runs`. */
  readonly requests: string[] = [];
  readonly #streams = new Set<ServerResponse>();
  readonly #server = createServer((request, response) => this.#receive(request, response));
  readonly #options: ServedSiteOptions;
  #process: ServerProcess | undefined;
  #origin = '';
  #isOnline = true;

  constructor(options: ServedSiteOptions) {
    const { limits: _limits, may: _may, ...site } = options;
    super(site);
    this.#options = options;
    this.#process = this.#startProcess();
  }

  #startProcess(): ServerProcess {
    const { limits, may, agents } = this.#options;
    const runner = this.newRunner();
    const handler = createRunsHandler<string>({
      runner,
      agents: agents.map(({ name }) => name),
      authorize: (request) => request.headers.get('x-user') || new Response(null, { status: 401 }),
      ...(limits && { limits }),
      ...(may && { may }),
      clock: this.clock,
    });
    return { runner, listener: getRequestListener(handler, { overrideGlobalObjects: false }) };
  }

  /** Replaces the process of the server. The store and the address stay. Between the processes, all requests fail. */
  async restart(): Promise<void> {
    const before = this.#process;
    this.#process = undefined;
    this.#server.closeAllConnections();
    await before?.runner.close({ graceMs: 0 });
    const { runner } = (this.#process = this.#startProcess());
    await runner.resumeAll();
  }

  async listen(): Promise<this> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    const address = this.#server.address();
    this.#origin = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    onTestFinished(async () => {
      const closed = once(this.#server, 'close');
      this.#server.close();
      this.#server.closeAllConnections();
      await closed;
    });
    return this;
  }

  /** `user`: the visitor at each request. Empty if no user is signed in. */
  openPage(user: () => string = () => 'ann', tools: readonly Tool[] = []): Runner {
    const page = remoteRunner({
      baseURL: `${this.#origin}/api/longhaul`,
      headers: () => ({ 'x-user': user() }),
      clock: this.clock,
      tools,
      fetch: (input, init) => {
        if (!this.#isOnline) throw new TypeError('Failed to fetch');
        return fetch(input, init);
      },
    });
    onTestFinished(() => page.close({ graceMs: 0 }));
    return page;
  }

  /** The open connections that deliver events. */
  get openStreams(): number {
    return this.#streams.size;
  }

  /** The requests that begin so. */
  received(start: string): readonly string[] {
    return this.requests.filter((one) => one.startsWith(start));
  }

  /** Breaks all connections. New ones fail until `goOnline`. */
  goOffline(): void {
    this.#isOnline = false;
    this.#server.closeAllConnections();
  }

  goOnline(): void {
    this.#isOnline = true;
    window.dispatchEvent(new Event('online'));
  }

  #receive(request: IncomingMessage, response: ServerResponse): void {
    const path = (request.url ?? '').replace('/api/longhaul', '');
    this.requests.push(`${request.method} ${path}`);
    if (path.includes('/events')) {
      this.#streams.add(response);
      response.once('close', () => this.#streams.delete(response));
    }
    if (this.#process === undefined) return void response.destroy();
    // If the listener fails, the page's request fails.
    Promise.resolve(this.#process.listener(request, response)).catch(() => response.destroy());
  }
}

/** A server that is closed at the end of the test. */
export function serveSite(options: ServedSiteOptions): Promise<ServedSite> {
  return new ServedSite(options).listen();
}
