import { headersOf } from './normalize-response.ts';
import type { ResponsesClient } from './responses-client.ts';

/** Receives the headers that a request of the `openai` package sends, and each answer before the package reads it. */
export interface Interceptor {
  sending(headers: Headers): void;
  answered(answer: Response): void;
}

type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

/** Goes with the `fetchOptions` of a request, which the package hands on to its `fetch` as they are. */
const listener = Symbol('longhaul');

function isFetch(value: unknown): value is Fetch {
  return typeof value === 'function';
}

function isInterceptor(value: unknown): value is Interceptor {
  return typeof value === 'object' && value !== null && 'answered' in value;
}

/** The instance of the `openai` package that a client is or wraps, as far as can be seen: its resources know it. */
export function instanceOf(client: ResponsesClient): object {
  const inner: unknown = Reflect.get(client.responses, '_client');
  return typeof inner === 'object' && inner !== null ? inner : client;
}

/**
 * The option with which the answers to a request are overheard, where the client is an instance of the `openai` package
 * or wraps one. The package (7.59) gives the whole body as `error` where a body has no `error` of its own, so that a
 * gateway's answer cannot be told from the API's by what it throws. Its `fetch` is wrapped once; requests without the
 * option pass it untouched.
 */
export function interceptWith(client: ResponsesClient, overhear: Interceptor): object {
  const instance = instanceOf(client);
  const send: unknown = Reflect.get(instance, 'fetch');
  const isTapped = Reflect.get(instance, listener) === true;
  if (isFetch(send) && typeof Reflect.get(instance, 'makeStatusError') === 'function' && !isTapped) {
    const tap: Fetch = async (input, init) => {
      const listens: unknown = init && Reflect.get(init, listener);
      if (!isInterceptor(listens)) return send(input, init);
      listens.sending(headersOf(init?.headers) ?? new Headers());
      const answer = await send(input, init);
      listens.answered(answer);
      return answer;
    };
    // Kept with the instance: a wrapper may be another object each time. One that cannot be changed, such as a frozen
    // instance, is read by what it throws.
    if (Reflect.defineProperty(instance, listener, { value: true })) Reflect.set(instance, 'fetch', tap);
  }
  return { [listener]: overhear };
}
