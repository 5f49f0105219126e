import { anonymous, createProxy } from '@longhaul/core/server';
import { Hono } from 'hono';
import { allowHosts } from './allowed-hosts.ts';
import type { EmulatorWorld } from './emulator-world.ts';
import type { Settings } from './settings.ts';
import { faultRoutes } from './fault-routes.ts';

export interface DemoAppOptions {
  readonly models: readonly string[];
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Signs ids of responses and items; at least 32 characters. */
  readonly proxySecret: string;
  /** The API that the proxy sends requests to: the real API or the emulator. */
  readonly upstream: NonNullable<Settings['openai']> | EmulatorWorld;
  /** Kills the server process. Undefined without a supervisor that restarts it. */
  readonly kill: (() => void) | undefined;
}

/** The page's server, in development and in production: the proxy under `/v1`, and the page's configuration. */
export function createDemoApp({ models, hosts, proxySecret, upstream, kill }: DemoAppOptions): Hono {
  const isEmulated = 'emulator' in upstream;
  const proxy = createProxy({
    ...(isEmulated
      ? { apiKey: 'emulator', baseURL: 'http://emulator.invalid/v1', fetch: upstream.fetch }
      : {
          apiKey: upstream.apiKey,
          ...(upstream.baseURL === undefined ? {} : { baseURL: upstream.baseURL }),
        }),
    secret: proxySecret,
    // The demo is for one person on their own machine. A real site must identify its visitors.
    authorize: anonymous,
    allow: { models },
    limits: { requestsPerMinute: 1_200 },
  });
  const config = {
    mode: isEmulated ? 'emulator' : 'openai',
    models,
    canBeKilled: isEmulated && kill !== undefined,
  };
  const app = new Hono()
    .use(allowHosts(hosts))
    .get('/api/config', (context) =>
      context.json(config, 200, {
        'cache-control': 'no-store',
      }),
    )
    .all('/v1/*', (context) => proxy(context.req.raw));
  return isEmulated ? app.route('/emulator', faultRoutes(upstream.emulator, kill)) : app;
}
