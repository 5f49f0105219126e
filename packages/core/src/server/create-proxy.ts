import { askForResponse } from './exchange/ask-for-response.ts';
import { deleteResponse } from './exchange/delete-response.ts';
import { createResponse } from './exchange/create-response.ts';
import type { Exchange, ProxyParts } from './exchange/exchange.ts';
import { createIdempotency } from './limits/idempotency.ts';
import { createIdSigner } from './ids/id-signer.ts';
import { checkOrigin, preflight } from './origin.ts';
import type { Principal } from './principal.ts';
import { readProxyOptions } from './options/proxy-config.ts';
import type { ProxyOptions } from './options/proxy-options.ts';
import { createRequestCap, type RequestCap } from './limits/request-cap.ts';
import { createRecordBudget } from './limits/record-budget.ts';
import { NoAnswer } from './no-answer.ts';
import { Refusal } from './refusal.ts';
import { reporterOf } from './reporter.ts';
import { finishAnswer } from './finish-answer.ts';
import { identify } from './identify.ts';
import { ownedResponse } from './exchange/owned-response.ts';
import { readRetrieveQuery, refuseQuery } from './request/retrieve-query.ts';
import { matchRoute, type Route, routeMethods } from './route.ts';
import { createRunningCap } from './limits/running-cap.ts';
import { createUpstream } from './upstream/upstream.ts';
import { UpstreamConnectionError } from './upstream/upstream-connection-error.ts';
import { upstreamUnavailable } from './upstream/upstream-failure.ts';

async function serve<P extends Principal>(
  parts: ProxyParts<P>,
  exchange: Exchange<P>,
  route: Route,
): Promise<Response> {
  const { url, request } = exchange;
  const { upstreamTimeoutMs: timeoutMs } = parts.config.limits;
  switch (route.kind) {
    case 'create':
      return createResponse(parts, exchange);
    case 'response': {
      if (request.method === 'DELETE') {
        refuseQuery(url.searchParams);
        return deleteResponse(parts, exchange, await ownedResponse(parts, exchange, route.name));
      }
      const query = readRetrieveQuery(url.searchParams, parts.config.allow.include);
      const owned = await ownedResponse(parts, exchange, route.name);
      const path = ['responses', owned.responseId];
      return askForResponse(parts, exchange, owned, {
        method: 'GET',
        path,
        query,
        timeoutMs,
        signal: request.signal,
      });
    }
    case 'cancel': {
      refuseQuery(url.searchParams);
      const owned = await ownedResponse(parts, exchange, route.name);
      const path = ['responses', owned.responseId, 'cancel'];
      // Not bound to the client's connection: the cancel continues after the client disconnects.
      const { signal } = new AbortController();
      return askForResponse(parts, exchange, owned, { method: 'POST', path, timeoutMs, signal });
    }
  }
}

function routeOf(url: URL): Route {
  const route = matchRoute(url.pathname);
  if (route === undefined)
    throw new Refusal(
      404,
      'not_found',
      'This server supports only responses: create, retrieve, cancel and delete.',
    );
  return route;
}

async function handle<P extends Principal>(
  parts: ProxyParts<P>,
  countRequest: RequestCap,
  request: Request,
  report: (error: unknown) => void,
): Promise<Response> {
  const { config } = parts;
  const url = new URL(request.url);
  const route = routeOf(url);
  const methods: readonly string[] = routeMethods[route.kind];
  const preflightAnswer = preflight(request, config.cors, methods.join(', '));
  if (preflightAnswer !== undefined) return preflightAnswer;
  checkOrigin(request, config.cors);
  if (!methods.includes(request.method)) {
    throw new Refusal(405, 'method_not_allowed', `This route accepts only ${methods.join(' and ')}.`, {
      headers: { allow: methods.join(', ') },
    });
  }
  const caller = await identify(request, config.authorize);
  if (caller instanceof Response) return caller;
  await countRequest(caller.owner);
  return serve(parts, { request, url, report, ...caller }, route);
}

function isAbort(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return error.name === 'AbortError' || (error instanceof UpstreamConnectionError && isAbort(error.cause));
}

function refuse(error: unknown, report: (error: unknown) => void): Response {
  if (error instanceof Refusal || error instanceof NoAnswer) return error.toResponse();
  report(error);
  if (error instanceof UpstreamConnectionError) return upstreamUnavailable().toResponse();
  // The site's own code failed. A create was not sent to the API, so the client may send it again.
  return new NoAnswer(503, 'server_error', 'The server failed. Try again later.').toResponse();
}

/**
 * Returns a handler that lets browsers use the Responses API through your server. The handler adds your key, and the
 * browser never receives it. It serves create, retrieve (including streams), cancel and delete; each visitor can use only
 * their own responses and what `allow` lists. It matches the end of the path, so you can mount it at any path. The client's
 * `baseURL` is the part before `/responses`. The handler never rejects.
 *
 * @throws ConfigurationError if an option is invalid
 *
 * @example
 * const proxy = createProxy({
 *   apiKey: process.env.OPENAI_API_KEY ?? '',
 *   secret: process.env.PROXY_SECRET ?? '',
 *   authorize: async (request) => (await sessionOf(request))?.userId ?? new Response(null, { status: 401 }),
 *   allow: { models: ['gpt-6-astra'], maxOutputTokens: 16_000 },
 * });
 * app.all('/api/openai/v1/*', (context) => proxy(context.req.raw));
 */
export function createProxy<P extends Principal>(
  options: ProxyOptions<P>,
): (request: Request) => Promise<Response> {
  const config = readProxyOptions(options);
  const { limits, storage, clock } = config;
  const keptMs = Math.max(limits.idempotencyMs, limits.concurrentMs);
  const parts: ProxyParts<P> = {
    config,
    signer: createIdSigner(config.secrets, limits.responseIdMs),
    upstream: createUpstream(config),
    running: createRunningCap(storage, limits.concurrentResponses, limits.concurrentMs),
    // A key is stored at least for the time in which its response counts as running.
    idempotency: createIdempotency(storage, clock, keptMs),
    budget: createRecordBudget(storage, keptMs),
  };
  const countRequest = createRequestCap(storage, limits.requestsPerMinute);

  return async (request) => {
    const reportToSite = reporterOf(config.onError, request);
    const report = (error: unknown): void => {
      // A client that disconnects is not an error of the site.
      if (!(request.signal.aborted && isAbort(error))) reportToSite(error);
    };
    try {
      return finishAnswer(await handle(parts, countRequest, request, report), request, config.cors, report);
    } catch (error) {
      return finishAnswer(refuse(error, report), request, config.cors, report);
    }
  };
}
