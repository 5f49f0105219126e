import { anonymous, createProxy } from '@longhaul/core/server';
import { Hono } from 'hono';
import { allowHosts } from './allowed-hosts.ts';
import type { EmulatorWorld } from './emulator-world.ts';
import type { Settings } from './settings.ts';
import { faultRoutes } from './fault-routes.ts';
import type { ServerLoop } from './loop/server-loop.ts';
import { visitorOf } from './loop/visitor-sessions.ts';
import type { WorkerFront } from './workers/worker-front.ts';

export interface DemoAppOptions {
  readonly models: readonly string[];
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** Signs ids of responses and items; at least 32 characters. */
  readonly proxySecret: string;
  /** The API that the proxy sends requests to: the real API or the emulator. */
  readonly upstream: NonNullable<Settings['openai']> | EmulatorWorld;
  /** The loop on the server, for pages that only watch. With workers, it also has their routes. */
  readonly loop: Pick<ServerLoop, 'routes'> | Pick<WorkerFront, 'routes' | 'workerRoutes' | 'webhooks'>;
  /** Kills the server process. Undefined without a supervisor that restarts it. */
  readonly kill: (() => void) | undefined;
}

/** The options of the API or the emulator, for the proxy and for the loop on the server. */
export function apiOf(upstream: DemoAppOptions['upstream']) {
  if ('emulator' in upstream)
    return { apiKey: 'emulator', baseURL: 'http://emulator.invalid/v1', fetch: upstream.fetch };
  const { apiKey, baseURL = 'https://api.openai.com/v1' } = upstream;
  return { apiKey, baseURL };
}

/**
 * The page's server, in development and in production: the proxy under `/v1`, the runs of the server under
 * `/api/longhaul`, and the page's configuration.
 */
export function createDemoApp({ models, hosts, proxySecret, upstream, loop, kill }: DemoAppOptions): Hono {
  const isEmulated = 'emulator' in upstream;
  const proxy = createProxy({
    ...apiOf(upstream),
    secret: proxySecret,
    // The ids that the proxy signs are safe without visitors. A real site must identify its visitors, as the loop on
    // the server does.
    authorize: anonymous,
    allow: { models },
    limits: { requestsPerMinute: 1_200 },
  });
  const config = {
    mode: isEmulated ? 'emulator' : 'openai',
    models,
    canBeKilled: isEmulated && kill !== undefined,
    hasWorkers: 'workerRoutes' in loop,
  };
  const app = new Hono()
    .use(allowHosts(hosts))
    .get('/api/config', (context) => {
      // The page requests its configuration first, so its later requests all have the same session.
      visitorOf(context);
      return context.json(config, 200, { 'cache-control': 'no-store' });
    })
    .route('/api/longhaul', loop.routes)
    .all('/v1/*', (context) => proxy(context.req.raw));
  if ('workerRoutes' in loop)
    app
      .route('/api/workers', loop.workerRoutes)
      .post('/api/webhooks', (context) => loop.webhooks(context.req.raw));
  return isEmulated ? app.route('/emulator', faultRoutes(upstream.emulator, kill)) : app;
}
