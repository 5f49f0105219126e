import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Emulation } from '../emulation.ts';
import type { Occasion } from '../faults/transport-fault.ts';
import { withHeadersTimeout } from '../faults/headers-timeout.ts';
import { refuse, withTransportFaults, type Struck } from '../faults/transport-faults.ts';
import { cancel } from '../routes/cancel.ts';
import { compact } from '../routes/compact.ts';
import { serveConversation } from '../routes/conversations.ts';
import { create, iterationOfCreate, type CreateCall } from '../routes/create.ts';
import { deleteResponse } from '../routes/delete-response.ts';
import { listInputItems } from '../routes/input-items.ts';
import { countInputTokens } from '../routes/input-tokens.ts';
import { retrieve } from '../routes/retrieve.ts';
import { authError } from '../validation/auth.ts';
import { invalidRequest, type ApiError } from './api-error.ts';
import { failure, type Answer } from './answer.ts';
import { profileHeaders } from './profile-headers.ts';
import { loggedHeaders, type LoggedRequest } from './request-log.ts';
import { routeOf, type Route } from './router.ts';
import { toResponse } from './to-response.ts';

interface Call {
  readonly request: Request;
  readonly url: URL;
  readonly route: Route | undefined;
  readonly body: JsonObject | undefined;
}

function parsed(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

const unreadable: ApiError = invalidRequest(
  'We could not parse the JSON body of your request. (HINT: This likely means you aren’t using your HTTP library correctly. The OpenAI API expects a JSON payload, but what was sent was not valid JSON.)',
);

function occasionOf({ route, url }: Call): Occasion {
  const name = route?.route;
  if (name === 'create' || name === 'cancel' || name === 'delete') return name;
  if (name === 'retrieve') return url.searchParams.get('stream') === 'true' ? 'stream' : 'poll';
  return 'any';
}

function struckBy(emulation: Emulation, call: Call): Struck {
  const { route, body } = call;
  const occasion = occasionOf(call);
  if (route?.route === 'create') return { occasion, iteration: iterationOfCreate(emulation, body ?? {}) };
  const id = route !== undefined && 'id' in route ? route.id : '';
  return { occasion, iteration: emulation.world.find(id)?.iterationIndex };
}

function keyOf(request: Request): string | null {
  return request.headers.get('idempotency-key');
}

async function posted(
  emulation: Emulation,
  route: 'create' | 'input_tokens' | 'compact',
  call: CreateCall,
): Promise<Answer> {
  if (route === 'create') return await create(emulation, call);
  return route === 'compact' ? compact(emulation, call.body) : countInputTokens(emulation, call.body);
}

async function answer(emulation: Emulation, { request, url, route, body }: Call): Promise<Answer> {
  if (route === undefined) {
    return failure(invalidRequest(`Invalid URL (${request.method} ${url.pathname})`, null, null, 404));
  }
  const query = url.searchParams;
  switch (route.route) {
    case 'create':
    case 'input_tokens':
    case 'compact':
      return body === undefined
        ? failure(unreadable)
        : await posted(emulation, route.route, { body, idempotencyKey: keyOf(request), request });
    case 'retrieve':
      return retrieve(emulation, route.id, query, request);
    case 'cancel':
      return cancel(emulation, route.id);
    case 'delete':
      return deleteResponse(emulation, route.id);
    case 'input_items':
      return listInputItems(emulation, route.id, query);
    default:
      return serveConversation(emulation, route, query, body ?? {});
  }
}

function logged(emulation: Emulation, { request, url, body }: Call): LoggedRequest {
  return {
    method: request.method,
    path: url.pathname,
    query: Object.fromEntries(url.searchParams),
    body,
    at: emulation.clock.now(),
    headers: loggedHeaders(request.headers),
  };
}

function requestOf(input: string | URL | Request, init: RequestInit | undefined): Request {
  // Clients in browsers may pass relative URLs.
  if (typeof input === 'string') return new Request(new URL(input, 'http://emulator.invalid'), init);
  // A server adapter may pass its own request class, which `new Request` would treat as a URL.
  return input instanceof URL || init !== undefined ? new Request(input, init) : input;
}

/** Serves one request. Rejects as `fetch` does if the connection fails or the client aborts. */
export async function serveRequest(
  emulation: Emulation,
  requests: LoggedRequest[],
  input: string | URL | Request,
  init?: RequestInit,
): Promise<Response> {
  const { clock } = emulation;
  const request = requestOf(input, init);
  request.signal.throwIfAborted();
  const url = new URL(request.url);
  const call: Call = {
    request,
    url,
    route: routeOf(request.method, url.pathname),
    body: parsed(await request.text()),
  };
  const began = clock.now();
  const struck = struckBy(emulation, call);
  refuse(emulation, struck);
  requests.push(logged(emulation, call));
  if (requests.length > (emulation.options.keepRequests ?? Number.POSITIVE_INFINITY)) requests.shift();
  const result = await withHeadersTimeout(emulation, struck, request, (connection) =>
    withTransportFaults(emulation, struck, connection.signal, async () => {
      const unauthorized = authError(connection.headers, emulation.options.apiKey);
      return unauthorized === undefined
        ? await answer(emulation, { ...call, request: connection })
        : failure(unauthorized);
    }),
  );
  request.signal.throwIfAborted();
  profileHeaders(emulation, call.route, result, clock.now() - began);
  return toResponse(result);
}
