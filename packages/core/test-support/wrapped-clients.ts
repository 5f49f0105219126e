import { Readable } from 'node:stream';
import type OpenAI from 'openai';
import type { ResponsesClient } from '../src/client/responses-client.ts';

/** A proxy of an object and of its nested objects, as tracing libraries make them. Each read returns a new proxy. */
function deepProxy<T extends object>(target: T): T {
  return new Proxy(target, {
    get(from, name) {
      const value: unknown = Reflect.get(from, name);
      if (typeof value === 'function')
        return (...args: unknown[]): unknown => Reflect.apply(value, from, args);
      return typeof value === 'object' && value !== null ? deepProxy(value) : value;
    },
  });
}

/** Clients of the `openai` package, and objects that applications pass in place of one. */
export const wrappings: Readonly<Record<string, (client: OpenAI) => ResponsesClient>> = {
  'an instance': (client) => client,
  'a copy with options': (client) => client.withOptions({ timeout: 60_000 }),
  'a frozen instance': (client) => Object.freeze(client),
  'an instance that has been used': (client) => {
    void client.models;
    return client;
  },
  'only its resource': ({ responses }) => ({ responses }),
  'only functions': ({ responses }) => ({
    responses: {
      create: (...args: Parameters<ResponsesClient['responses']['create']>) =>
        Reflect.apply(responses.create, responses, args),
      retrieve: (...args: Parameters<ResponsesClient['responses']['retrieve']>) =>
        Reflect.apply(responses.retrieve, responses, args),
      cancel: (...args: Parameters<ResponsesClient['responses']['cancel']>) =>
        Reflect.apply(responses.cancel, responses, args),
    },
  }),
  'async functions': ({ responses }) => ({
    responses: {
      create: async (...args: Parameters<ResponsesClient['responses']['create']>): Promise<unknown> =>
        Reflect.apply(responses.create, responses, args),
      retrieve: async (...args: Parameters<ResponsesClient['responses']['retrieve']>): Promise<unknown> =>
        Reflect.apply(responses.retrieve, responses, args),
      cancel: async (...args: Parameters<ResponsesClient['responses']['cancel']>): Promise<unknown> =>
        Reflect.apply(responses.cancel, responses, args),
    },
  }),
  'traced methods': (client) => traced(client),
  'a proxy': (client) => new Proxy(client, {}),
  'a proxy of proxies': (client) => deepProxy(client),
  'a proxy that rejects changes': (client) =>
    new Proxy(client, { set: () => false, defineProperty: () => false }),
};

class OtherHeaders {
  readonly #map: ReadonlyMap<string, string>;
  constructor(headers: Headers) {
    this.#map = new Map(headers);
  }
  get(name: string): string | null {
    return this.#map.get(name.toLowerCase()) ?? null;
  }
  entries(): IterableIterator<[string, string]> {
    return this.#map.entries();
  }
  forEach(callback: (value: string, name: string) => void): void {
    for (const [name, value] of this.#map) callback(value, name);
  }
}

/** Returns a `fetch` whose answers have the form of another implementation. */
function fetchLike(
  headersOf: (headers: Headers) => unknown,
  bodyOf: (bytes: Uint8Array<ArrayBuffer>) => unknown,
) {
  return async (input: string | URL | Request, init?: RequestInit): Promise<Response> => {
    const answer = await fetch(input, init);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const text = async (): Promise<string> => new TextDecoder().decode(bytes);
    const { status, statusText, ok, url } = answer;
    const given: unknown = {
      ...{ status, statusText, ok, url, text, headers: headersOf(answer.headers), body: bodyOf(bytes) },
      json: async (): Promise<unknown> => JSON.parse(await text()),
      clone: () => {
        throw new Error('The response cannot be cloned.');
      },
    };
    return Object.create(Object.prototype, Object.getOwnPropertyDescriptors(given));
  };
}

const noBody = (): undefined => undefined;

/** Functions whose answers look like those of the `fetch` of other packages and realms. */
export const fetches: Readonly<Record<string, typeof fetch>> = {
  'node-fetch: a stream of Node': fetchLike(
    (headers) => new OtherHeaders(headers),
    (bytes) => Readable.from([Buffer.from(bytes)]),
  ),
  'headers of another class, a web stream': fetchLike(
    (headers) => new OtherHeaders(headers),
    (bytes) => new Response(bytes).body,
  ),
  'headers in a Map': fetchLike((headers) => new Map(headers), noBody),
};

/** The functions of {@link fetches}, and functions whose answers `fetchClient` can read and `openai` cannot. */
export const plainFetches: Readonly<Record<string, typeof fetch>> = {
  ...fetches,
  'headers in a record': fetchLike((headers) => Object.fromEntries(headers), noBody),
  'no headers': fetchLike(noBody, noBody),
};

/**
 * An instance whose methods a tracing library has replaced by async methods. They resolve to the parsed body or to a
 * stream of events.
 */
function traced(client: OpenAI): ResponsesClient {
  const { responses } = client;
  for (const name of ['create', 'retrieve', 'cancel'] as const) {
    const method: unknown = Reflect.get(responses, name);
    if (typeof method !== 'function') continue;
    const trace = async (...args: unknown[]): Promise<unknown> => Reflect.apply(method, responses, args);
    Reflect.set(responses, name, trace);
  }
  return client;
}
