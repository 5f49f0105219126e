import { join } from 'node:path';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type MiddlewareHandler } from 'hono';
import { basicAuth } from 'hono/basic-auth';
import { compress } from 'hono/compress';
import { etag } from 'hono/etag';
import { secureHeaders } from 'hono/secure-headers';
import { allowHosts } from './allowed-hosts.ts';

export interface ProductionAppOptions {
  /** The demo's own server: the proxy and the page's configuration. */
  readonly demo: Hono;
  /** Host names that the server accepts, in addition to those of this machine. */
  readonly hosts: readonly string[];
  /** The output folder of `vite build`. */
  readonly pageFolder: string;
  /** The password that every visitor must enter. Undefined for none. */
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
        // For SQLite, which is WebAssembly. The page does not evaluate JavaScript.
        scriptSrc: ["'self'", "'wasm-unsafe-eval'"],
        styleSrc: ["'self'"],
        // Data URLs are the images that a visitor attaches, or that the model has made.
        imgSrc: ["'self'", 'data:'],
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
  // The build compresses the assets. This compresses other responses, but never a stream.
  app.use(compress());
  app.use('/assets/*', cached('public, max-age=31536000, immutable'));
  // Files without a hash in their name are requested each time, and answered with 304 if they have not changed.
  app.use(cached('no-cache', '/assets/'), etag());
  app.use(serveStatic({ root: pageFolder, precompressed: true }));
  // A run has its own URL, which the page handles.
  const page = serveStatic({ path: join(pageFolder, 'index.html') });
  for (const path of ['/threads/*', '/runs/*', '/server/threads/*', '/server/runs/*']) app.get(path, page);
  // The page shows a notice for unknown URLs. A missing asset is a plain 404.
  app.get('*', async (context, next) => {
    if (context.req.header('accept')?.includes('text/html') !== true) return next();
    const answer = await page(context, next);
    return answer && new Response(answer.body, { status: 404, headers: answer.headers });
  });
  return app;
}

/** Sets the caching of successful responses, except below one folder. */
function cached(control: string, except?: string): MiddlewareHandler {
  return async (context, next) => {
    await next();
    if (except !== undefined && context.req.path.startsWith(except)) return;
    if (context.res.ok || context.res.status === 304) context.header('cache-control', control);
  };
}
