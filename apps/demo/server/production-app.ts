import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { allowHosts } from './allowed-hosts.ts';

export interface ProductionAppOptions {
  /** The demo's own server: the proxy, and what the page must know. */
  readonly demo: Hono;
  /** Names under which it answers, beside those of this machine. */
  readonly hosts: readonly string[];
  /** What `vite build` wrote. */
  readonly pageFolder: string;
  /** Asked of every visitor, where it is set. */
  readonly password: string | undefined;
}

/** The built page and the demo's server on one origin, with the headers that a public page should have. */
export function createProductionApp({ demo, hosts, pageFolder, password }: ProductionAppOptions): Hono {
  const app = new Hono();
  app.use(allowHosts(hosts));
  app.use(
    secureHeaders({
      contentSecurityPolicy: {
        defaultSrc: ["'none'"],
        // SQLite is WebAssembly; nothing else is evaluated.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        imgSrc: ["'self'"],
        connectSrc: ["'self'"],
        workerSrc: ["'self'"],
        baseUri: ["'none'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
      },
      referrerPolicy: 'no-referrer',
      xFrameOptions: 'DENY',
      permissionsPolicy: { camera: [], geolocation: [], microphone: [] },
    }),
  );
  if (password !== undefined) {
    app.use(basicAuth({ verifyUser: (_name, given) => given === password, realm: 'Longhaul demo' }));
  }
  app.route('/', demo);
  // Assets come compressed from the build; this is for what is made on the fly, and never for a stream of `/v1`.
  app.use(compress());
  app.use('/assets/*', cached('public, max-age=31536000, immutable'));
  // What has no hash in its name is asked for each time, and answered by 304 while it is the same.
  app.use(cached('no-cache', '/assets/'), etag());
  app.use(serveStatic({ root: pageFolder, precompressed: true }));
  // A run has an address of its own; the page finds out what it is.
  const page = serveStatic({ path: join(pageFolder, 'index.html') });
  app.get('/runs/*', page);
  // Whoever browses to nowhere is told so by the page, with ways on. A missing asset is simply missing.
  app.get('*', async (context, next) => {
    if (context.req.header('accept')?.includes('text/html') !== true) return next();
    const answer = await page(context, next);
    return answer && new Response(answer.body, { status: 404, headers: answer.headers });
  });
  return app;
}

/** Sets how what is found may be cached, save below one folder. */
function cached(control: string, except?: string): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (except !== undefined && context.req.path.startsWith(except)) return;
    if (context.res.ok || context.res.status === 304) context.header('cache-control', control);
  };
}
