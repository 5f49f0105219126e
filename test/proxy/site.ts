import { getRequestListener } from '@hono/node-server';
import { createProxy, type ProxyOptions } from '@longhaul/core/server';
import { listen } from './listening-server.ts';

export const secret = 'a secret of the site, long enough';
export const apiKey = 'sk-proj-the-key-that-pays';

/** A site with the proxy at `/api/v1`, over real HTTP. The principal is the value of `x-user`. */
export interface Site extends AsyncDisposable {
  readonly url: string;
  readonly port: number;
  /** The errors that were reported to the operator. */
  readonly errors: readonly unknown[];
  /** Sends a request as a user. */
  ask(path: string, init?: RequestInit & { readonly user?: string }): Promise<Response>;
  /** Sends a create as a user. */
  create(body: object, init?: RequestInit & { readonly user?: string }): Promise<Response>;
}

/** @param upstream The API, and changes of the proxy's options. A `ScriptedApi` may be spread into it. */
export async function startSite(
  upstream: Partial<ProxyOptions<string>> & { readonly baseURL: string; readonly requests?: unknown },
): Promise<Site> {
  const { requests: _ofTheApi, ...options } = upstream;
  const errors: unknown[] = [];
  const proxy = createProxy<string>({
    apiKey,
    secret,
    authorize: (request) => request.headers.get('x-user') ?? new Response('Who are you?', { status: 401 }),
    allow: { models: ['m'] },
    onError: (error) => errors.push(error),
    ...options,
  });
  const server = await listen(getRequestListener(proxy, { overrideGlobalObjects: false }));
  const url = `http://127.0.0.1:${server.port}/api/v1`;
  const ask: Site['ask'] = (path, { user = 'ann', headers, ...init } = {}) => {
    const all = new Headers(headers);
    all.set('x-user', user);
    return fetch(url + path, { ...init, headers: all });
  };
  return {
    url,
    port: server.port,
    errors,
    ask,
    create: (body, { headers, ...init } = {}) => {
      const all = new Headers(headers);
      all.set('content-type', 'application/json');
      return ask('/responses', { method: 'POST', body: JSON.stringify(body), ...init, headers: all });
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
