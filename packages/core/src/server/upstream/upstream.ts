import type { Clock } from '../../clock/clock.ts';
import { isUnsent } from '../../errors/unsent.ts';
import { UpstreamConnectionError } from './upstream-connection-error.ts';

/** One request to the API. */
export interface UpstreamRequest {
  readonly method: 'GET' | 'POST';
  /** Path segments below `baseURL`, not yet encoded. */
  readonly path: readonly string[];
  readonly query?: URLSearchParams;
  readonly body?: string;
  /** For the answer to come in full, or for a stream to begin. */
  readonly timeoutMs: number;
  /** Ends the connection, not the job. */
  readonly signal: AbortSignal;
}

/** An answer whose body is still to be read. */
export interface UpstreamAnswer {
  readonly response: Response;
  /** The key that was used, to be kept out of texts. */
  readonly key: string;
  /** The time for an answer ends here: a stream that has begun may go on for as long as it likes. */
  readonly begun: () => void;
}

export interface Upstream {
  /** Rejects with an `UpstreamConnectionError` where no answer came. */
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
 * Requests are built anew from what was checked: no header of the client's, not its cookies, nor its `authorization`
 * or a hop-by-hop header, has a way through.
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
          // Followed, a redirect would carry the body, and on the same host the key, wherever it points.
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
