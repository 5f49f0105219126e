import { thrownText } from '../errors/error-message.ts';
import { LonghaulError } from '../errors/longhaul-error.ts';
import { isOptional, mustBe, mustBeOptions } from '../errors/must-be.ts';
import { defined } from '../wire/defined.ts';
import { secretsByName } from '../wire/secret-values.ts';
import { secretsOfUrl } from '../wire/secret-url.ts';
import { isResponseId } from '../wire/response-id.ts';
import { SentSecrets } from './sent-secrets.ts';
import type { RequestOptions, ResponsesClient } from './responses-client.ts';
import { uncached } from './uncached.ts';

type Source<T> = T | (() => T | PromiseLike<T>);

export interface FetchClientOptions {
  /**
   * The URL of the API, which ends with `/v1` at OpenAI, or of a proxy. In browsers it may be relative.
   *
   * @example '/api/v1'
   */
  readonly baseURL: string;
  /** Sent as a bearer token. A function is called before each request. Never put a key in a browser: use a proxy. */
  readonly apiKey?: Source<string> | undefined;
  /** Sent with each request. A function is called before each request. */
  readonly headers?: Source<Readonly<Record<string, string>> | Headers> | undefined;
  /** @default the global `fetch` */
  readonly fetch?: ((input: string, init?: RequestInit) => Promise<Response>) | undefined;
}

async function resolveSource<T extends string | object | undefined>(source: Source<T>): Promise<T> {
  if (typeof source !== 'function') return source;
  try {
    return await source();
  } catch (cause) {
    // Nothing was sent, so this is neither an answer of the server nor a failure of the connection.
    const message = `No credentials are available: ${thrownText(cause)}`;
    throw new LonghaulError('unauthorized', message, { cause });
  }
}

/** Builds the URLs of requests. A query in the base URL, such as Azure's `api-version`, is added to each of them. */
function urlsOf(baseURL: string): (path: string, query: object | undefined) => string {
  const [base = ''] = baseURL.split('#');
  const at = base.indexOf('?');
  const root = (at < 0 ? base : base.slice(0, at)).replace(/\/+$/, '');
  const baseQuery = at < 0 ? '' : base.slice(at + 1);
  return (path, query = {}) => {
    const more = new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]));
    const parts = [baseQuery, more.toString()].filter((part) => part !== '');
    return root + path + (parts.length === 0 ? '' : `?${parts.join('&')}`);
  };
}

/** @throws ConfigurationError for an id that leads to another path: `..` means the parent folder, even encoded */
function pathOf(responseId: string): string {
  mustBe(
    isResponseId(responseId),
    'fetchClient',
    'response id',
    `one segment of a path, not ${JSON.stringify(responseId)}`,
  );
  return `/responses/${encodeURIComponent(responseId)}`;
}

/**
 * A small client of the Responses API that does not need the `openai` package. Meant mainly for browsers.
 *
 * @throws ConfigurationError without a `baseURL`, or for an option of the wrong type
 * @example createRunner({ client: fetchClient({ baseURL: '/v1' }) });
 */
export function fetchClient(options: FetchClientOptions): ResponsesClient {
  const owner = 'fetchClient';
  mustBeOptions(options, owner, { baseURL: 'string', apiKey: 'any', headers: 'any', fetch: 'function' });
  const { apiKey, headers, fetch: send = (input, init) => globalThis.fetch(input, init) } = options;
  mustBe(
    Boolean(options.baseURL),
    owner,
    'baseURL',
    "the URL of the API, such as 'https://api.openai.com/v1'",
  );
  const isKey = typeof apiKey === 'function' || isOptional(apiKey, 'string');
  mustBe(isKey, owner, 'apiKey', 'a string, or a function that returns one');
  const areHeaders = ['object', 'function', 'undefined'].includes(typeof headers);
  mustBe(areHeaders, owner, 'headers', 'an object of strings, or a function that returns one');
  const urlOf = urlsOf(options.baseURL);
  const sent = new SentSecrets();

  function request(
    method: string,
    path: string,
    { body, query }: { readonly body?: object; readonly query?: object | undefined },
    { signal, headers: extra }: RequestOptions = {},
  ) {
    const asResponse = async (): Promise<Response> => {
      const key = await resolveSource(apiKey);
      // `Headers` ignores case. From a plain object, two spellings of a name are sent as one header with both values.
      const all = new Headers(
        defined({
          'content-type': body && 'application/json',
          authorization: key === undefined ? key : `Bearer ${key}`,
        }),
      );
      new Headers(await resolveSource(headers)).forEach((value, name) => all.set(name, value));
      sent.add(all);
      const init = {
        method,
        headers: { ...Object.fromEntries(all), ...extra },
        ...defined({ body: body && JSON.stringify(body), signal }),
      };
      return uncached(send, (option) => send(urlOf(path, query), { ...init, ...option }));
    };
    return { asResponse };
  }

  return {
    responses: {
      create: (body, init) => request('POST', '/responses', { body }, init),
      retrieve: (responseId, query, init) => request('GET', pathOf(responseId), { query }, init),
      cancel: (responseId, init) => request('POST', `${pathOf(responseId)}/cancel`, {}, init),
      delete: (responseId, init) => request('DELETE', pathOf(responseId), {}, init),
    },
    secrets: () => [...sent.all(), ...secretsOfUrl(options.baseURL, secretsByName)],
    refreshesCredentials: typeof apiKey === 'function' || typeof headers === 'function',
  };
}
