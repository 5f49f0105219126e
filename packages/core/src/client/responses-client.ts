/** What a request is sent with beside its body. The `openai` package understands the same names. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Record<string, string>;
  /** Always 0: a create that is repeated blindly starts a second job, and everything else is repeated by the loop. */
  readonly maxRetries?: number;
  /** For the `fetch` beneath: `cache: 'no-store'`, so that no framework answers a poll from its cache. */
  readonly fetchOptions?: { readonly cache?: 'no-store' };
}

/** An answer as HTTP has it: with its headers, and a body that is not read yet. */
export interface HttpAnswer {
  /** Sends the request. */
  asResponse(): PromiseLike<Response>;
}

/** What a method of a client gives: an HTTP answer, or the promise of a Response object or of a stream of events. */
export type ClientAnswer = PromiseLike<unknown> | HttpAnswer;

/**
 * Who talks to the Responses API (port): an `OpenAI` or `AzureOpenAI` instance of the `openai` package, or
 * `fetchClient`. Where an answer has `asResponse()`, as both clients' have, the HTTP answer itself is read; else what it
 * resolves to.
 */
export interface ResponsesClient {
  readonly responses: {
    create(body: object, options?: RequestOptions): ClientAnswer;
    retrieve(responseId: string, query?: object, options?: RequestOptions): ClientAnswer;
    cancel(responseId: string, options?: RequestOptions): ClientAnswer;
  };
  /** What the client signs in with: replaced in every error that is saved or shown, should a server quote it. */
  secrets?(): readonly string[];
  /** Whether the client can fetch fresh credentials: then a request that was refused for them is worth one more try. */
  readonly refreshesCredentials?: boolean;
}
