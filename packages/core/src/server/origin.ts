import type { ProxyCors } from './options/proxy-options.ts';
import { Refusal } from './refusal.ts';

function isListed(cors: ProxyCors | undefined, origin: string): boolean {
  if (cors === undefined) return false;
  if (typeof cors.origins === 'function') {
    // An async function returns a promise, which must not allow every origin.
    const allowed: unknown = cors.origins(origin);
    return allowed === true;
  }
  return cors.origins.includes(origin) || (cors.origins.includes('*') && cors.credentials !== true);
}

/**
 * Whether the request is from a page of the proxy's own origin, or from no page. Browsers send this in
 * `Sec-Fetch-Site`, which pages cannot set. If that header is missing (old browsers, plain http), the hosts are
 * compared. The schemes are not compared, because behind a TLS terminator the proxy receives http.
 */
function isSameOrigin(request: Request): boolean {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null) return site === 'same-origin' || site === 'none';
  const origin = request.headers.get('origin');
  if (origin === null) return true;
  const host = request.headers.get('host') ?? new URL(request.url).host;
  return URL.parse(origin)?.host === host;
}

/**
 * Throws for pages of origins that are not allowed. Such a page could use a visitor's cookies to act as the visitor.
 */
export function checkOrigin(request: Request, cors: ProxyCors | undefined): void {
  const origin = request.headers.get('origin');
  if (isSameOrigin(request) || (origin !== null && isListed(cors, origin))) return;
  throw new Refusal(
    403,
    'origin_not_allowed',
    'This server does not accept requests from pages of other origins.',
  );
}

/** Adds the headers that let a page of a listed origin read the answer, including refusals. */
export function addCorsHeaders(headers: Headers, request: Request, cors: ProxyCors | undefined): void {
  if (cors === undefined) return;
  headers.append('vary', 'Origin');
  const origin = request.headers.get('origin');
  if (origin === null || !isListed(cors, origin)) return;
  headers.set('access-control-allow-origin', origin);
  if (cors.credentials === true) headers.set('access-control-allow-credentials', 'true');
  headers.set(
    'access-control-expose-headers',
    'retry-after, retry-after-ms, openai-poll-after-ms, x-request-id, x-should-retry',
  );
}

/**
 * Returns the answer to a preflight; undefined if the request is not a preflight from an allowed origin.
 *
 * @param methods The methods of the route, separated by commas
 * @param headersOfHandler The allowed headers in addition to those of all handlers
 */
export function preflight(
  request: Request,
  cors: ProxyCors | undefined,
  methods: string,
  headersOfHandler: readonly string[] = ['idempotency-key'],
): Response | undefined {
  const origin = request.headers.get('origin');
  if (request.method !== 'OPTIONS' || cors === undefined || origin === null || !isListed(cors, origin))
    return undefined;
  const headers = ['authorization', 'content-type', ...headersOfHandler, ...(cors.headers ?? [])];
  return new Response(null, {
    status: 204,
    headers: {
      'access-control-allow-methods': methods,
      'access-control-allow-headers': headers.join(', '),
      'access-control-max-age': String(cors.maxAgeSeconds ?? 600),
    },
  });
}
