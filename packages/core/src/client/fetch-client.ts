import { LonghaulError } from '../errors/longhaul-error.ts';
import { isOptional, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { fieldsOf } from '../wire/json.ts';
import { textOf } from '../wire/text-of.ts';
import type { RequestOptions, ResponsesClient } from './responses-client.ts';

type Source<T> = T | (() => T | PromiseLike<T>);

export interface FetchClientOptions {
  /**
   * Where the API is: ends with `/v1`, like OpenAI's, or wherever a proxy is mounted. In browsers it may be relative.
   *
   * @example '/api/v1'
   */
  readonly baseURL: string;
  /** Sent as a bearer token. A function is asked before each request. Never give one to a browser: use a proxy. */
  readonly apiKey?: Source<string>;
  /** Sent with each request. A function is asked before each request. */
  readonly headers?: Source<Readonly<Record<string, string>> | Headers>;
  /** @default the global `fetch` */
  readonly fetch?: (input: string, init?: RequestInit) => Promise<Response>;
}

async function valueOf<T extends string | object | undefined>(source: Source<T>): Promise<T> {
  if (typeof source !== 'function') return source;
  try {
    return await source();
  } catch (cause) {
    // Nothing was sent: it is neither the server's word nor the connection's.
    const why = textOf(fieldsOf(cause)['message']) ?? String(cause);
    throw new LonghaulError('unauthorized', `There are no credentials to send: ${why}`, { cause });
  }
}

/** What a header can hold, in the words of whoever gave something else. */
const headerText = 'what an HTTP header can hold: no line breaks, no characters beyond Latin-1';

/**
 * The headers by which a request shows whose it is; undefined for what cannot be sent. `Headers` knows no case: two of
 * one name would go out as one with both values.
 */
function sendable(key?: string, own?: Readonly<Record<string, string>> | Headers): Headers | undefined {
  try {
    const all = new Headers(key === undefined ? {} : { authorization: `Bearer ${key}` });
    new Headers(own).forEach((value, name) => all.set(name, value));
    return all;
  } catch {
    // Not told: the error quotes the value, which may be the key.
    return undefined;
  }
}

/**
 * A client of the Responses API in a few lines, without the `openai` package: for browsers above all.
 *
 * @throws ConfigurationError without a `baseURL`
 * @example createRunner({ client: fetchClient({ baseURL: '/v1' }) });
 */
export function fetchClient(options: FetchClientOptions): ResponsesClient {
  const owner = 'fetchClient';
  mustBeOptions(options, owner, ['baseURL', 'apiKey', 'headers', 'fetch']);
  mustBe(isOptional(options.fetch, 'function'), owner, 'fetch', 'a function like the global one');
  const { apiKey, headers, fetch: send = (input, init) => globalThis.fetch(input, init) } = options;
  const isURL = typeof options.baseURL === 'string' && options.baseURL !== '';
  mustBe(isURL, owner, 'baseURL', "where the API is, for example '/v1' or 'https://api.openai.com/v1'");
  const isKey = typeof apiKey === 'function' || (isOptional(apiKey, 'string') && sendable(apiKey));
  mustBe(Boolean(isKey), owner, 'apiKey', `a string, or a function that gives one, and ${headerText}`);
  const areHeaders = typeof headers === 'function' || sendable(undefined, headers);
  mustBe(Boolean(areHeaders), owner, 'headers', `an object of strings, or a function, and ${headerText}`);
  const baseURL = options.baseURL.replace(/\/+$/, '');

  function request(
    method: string,
    path: string,
    body: object | undefined,
    { signal, headers: extra }: RequestOptions = {},
  ) {
    const asResponse = async (): Promise<Response> => {
      const all = sendable(await valueOf(apiKey), await valueOf(headers));
      if (all === undefined)
        throw new LonghaulError('unauthorized', `What \`apiKey\` or \`headers\` gave must be ${headerText}.`);
      if (body && !all.has('content-type')) all.set('content-type', 'application/json');
      return send(baseURL + path, {
        method,
        headers: { ...Object.fromEntries(all), ...extra },
        ...defined({ body: body && JSON.stringify(body), signal }),
      });
    };
    return { asResponse };
  }

  return {
    responses: {
      create: (body, init) => request('POST', '/responses', body, init),
      retrieve: (responseId, query, init) => {
        const text = new URLSearchParams(
          Object.entries(query ?? {}).map(([name, value]) => [name, String(value)]),
        ).toString();
        return request(
          'GET',
          `/responses/${encodeURIComponent(responseId)}${text === '' ? '' : `?${text}`}`,
          undefined,
          init,
        );
      },
      cancel: (responseId, init) =>
        request('POST', `/responses/${encodeURIComponent(responseId)}/cancel`, undefined, init),
    },
    refreshesCredentials: typeof apiKey === 'function' || typeof headers === 'function',
  };
}
