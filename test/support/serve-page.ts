import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { getRequestListener } from '@hono/node-server';
import { build, preview } from 'vite';

export interface ServedPage extends AsyncDisposable {
  readonly url: string;
  /** Closes every open connection. */
  hangUp(): void;
}

const built = new Map<string, Promise<unknown>>();

/**
 * Builds a page for production and serves it.
 *
 * @param folder The folder with the page's `index.html`.
 * @param api Answers requests to `/v1`, on the origin of the page.
 */
export async function servePage(
  folder: URL,
  api: (request: Request) => Response | Promise<Response>,
): Promise<ServedPage> {
  const root = fileURLToPath(folder);
  const outDir = fileURLToPath(new URL(`../../node_modules/.cache/${basename(root)}`, import.meta.url));
  const shared = {
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  } as const;
  const conditions = ['@longhaul/source', 'module', 'browser', 'development|production'];
  if (!built.has(root)) built.set(root, build({ ...shared, resolve: { conditions } }));
  await built.get(root);
  const listener = getRequestListener(api, { overrideGlobalObjects: false });
  const server = await preview({
    ...shared,
    preview: { host: '127.0.0.1', port: 0 },
    plugins: [
      {
        name: 'api',
        configurePreviewServer: ({ middlewares }) => {
          middlewares.use((request, response, next) => {
            if (request.url?.startsWith('/v1/') === true) void listener(request, response);
            else next();
          });
        },
      },
    ],
  });
  return {
    url: server.resolvedUrls?.local[0] ?? '',
    hangUp: () => {
      if ('closeAllConnections' in server.httpServer) server.httpServer.closeAllConnections();
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
