import type { Clock } from '../../clock/clock.ts';
import { isUnsent } from '../../errors/unsent.ts';
import { UpstreamConnectionError } from './upstream-connection-error.ts';

/** One request to the API. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** Path segments below `baseURL`, not yet encoded. */
  readonly path: readonly string[];
  readonly query?: URLSearchParams;
  readonly body?: string;
  /** Time for the complete answer, or for the beginning of a stream. */
  readonly timeoutMs: number;
  /** Closes the connection. A background job continues. */
  readonly signal: AbortSignal;
}

/** An answer whose body is still to be read. */
export interface UpstreamAnswer {
  readonly response: Response;
  /** The key that was used. Texts must not contain it. */
  readonly key: string;
  /** Ends the time limit of the answer. Afterwards, a stream may last for any time. */
  readonly begun: () => void;
}

export interface Upstream {
  /** Rejects with an `UpstreamConnectionError` if no answer arrives. */
  send(request: UpstreamRequest): Promise<UpstreamAnswer>;
}

export interface UpstreamOptions {
  readonly apiKey: () => Promise<string>;
  readonly baseURL: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly fetch: (url: string, init: RequestInit) => Promise<Response>;
  readonly clock: Clock;
}

function upstreamURL(base: URL, path: readonly string[], query: URLSearchParams | undefined): string {
  const url = new URL(base);
  url.pathname = [url.pathname.replace(/\/+$/, ''), ...path.map(encodeURIComponent)].join('/');
  for (const [name, value] of query ?? []) url.searchParams.append(name, value);
  return url.href;
}

/**
 * Builds each request from checked values only. Headers of the client (cookies, `authorization`, hop-by-hop headers)
 * are never forwarded.
 */
export function createUpstream(options: UpstreamOptions): Upstream {
  const { apiKey, baseURL, headers, fetch, clock } = options;
  return {
    async send({ method, path, query, body, timeoutMs, signal }) {
      const key = await apiKey();
      const inTime = new AbortController();
      const late = new AbortController();
      const giveUp = async (): Promise<void> => {
        await clock.sleep(timeoutMs, AbortSignal.any([signal, inTime.signal]));
        if (!inTime.signal.aborted)
          late.abort(new DOMException('The API did not answer in time.', 'TimeoutError'));
      };
      void giveUp();
      try {
        const response = await fetch(upstreamURL(baseURL, path, query), {
          method,
          headers: {
            authorization: `Bearer ${key}`,
            ...(body === undefined ? {} : { 'content-type': 'application/json' }),
            ...headers,
          },
          ...(body === undefined ? {} : { body }),
          // Following a redirect would send the body to its target, and on the same host the key too.
          redirect: 'manual',
          signal: AbortSignal.any([signal, late.signal]),
        });
        return { response, key, begun: () => inTime.abort() };
      } catch (error) {
        inTime.abort();
        throw new UpstreamConnectionError(!isUnsent(error), error);
      }
    },
  };
}
