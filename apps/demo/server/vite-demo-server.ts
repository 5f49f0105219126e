import { getRequestListener } from '@hono/node-server';
import type { Connect, Plugin } from 'vite';

const ours = /^\/(?:v1|api|emulator)\//;

/** Adds the demo's server to Vite's server, so that page and server have the same origin, as in production. */
export function demoServer(fetch: (request: Request) => Response | Promise<Response>): Plugin {
  const listener = getRequestListener(fetch, { overrideGlobalObjects: false });
  function add({ middlewares }: { readonly middlewares: Connect.Server }): void {
    middlewares.use((request, response, next) => {
      if (ours.test(request.url ?? '')) void listener(request, response);
      else next();
    });
  }
  return { name: 'longhaul-demo-server', configureServer: add, configurePreviewServer: add };
}
