import { headersOf } from './normalize-response.ts';
import type { ResponsesClient } from './responses-client.ts';

/** Receives the headers that the `openai` package sends, and each answer before the package reads it. */
export interface Interceptor {
  sending(headers: Headers): void;
  answered(answer: Response): void;
}

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** The key of an interceptor in the `fetchOptions` of a request. The package passes them to its `fetch` unchanged. */
const interceptorKey = Symbol('longhaul');

function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}

function isInterceptor(value: unknown): value is Interceptor {
  return typeof value === 'object' && value !== null && 'answered' in value;
}

/** The instance of the `openai` package that a client is or wraps, found by a field of its resources. */
export function instanceOf(client: ResponsesClient): object {
  const inner: unknown = Reflect.get(client.responses, '_client');
  return typeof inner === 'object' && inner !== null ? inner : client;
}

/**
 * Returns the request option that passes the headers and the answer to an interceptor, if the client is or wraps an
 * instance of the `openai` package. If a body has no `error`, the package (7.59) throws the whole body as `error`, so
 * the thrown error does not show whether a gateway answered or the API. The `fetch` of the instance is wrapped once,
 * and does not change requests without the option.
 */
export function interceptWith(client: ResponsesClient, interceptor: Interceptor): object {
  const instance = instanceOf(client);
  const send: unknown = Reflect.get(instance, 'fetch');
  const isWrapped = Reflect.get(instance, interceptorKey) === true;
  if (isFetch(send) && typeof Reflect.get(instance, 'makeStatusError') === 'function' && !isWrapped) {
    const wrapped: Fetch = async (input, init) => {
      const given: unknown = init && Reflect.get(init, interceptorKey);
      if (!isInterceptor(given)) return send(input, init);
      given.sending(headersOf(init?.headers) ?? new Headers());
      const answer = await send(input, init);
      given.answered(answer);
      return answer;
    };
    // The mark is on the instance, because a wrapper may be another object each time. If the instance cannot be
    // changed, for example because it is frozen, only the errors that it throws are read.
    if (Reflect.defineProperty(instance, interceptorKey, { value: true }))
      Reflect.set(instance, 'fetch', wrapped);
  }
  return { [interceptorKey]: interceptor };
}
