/** What a request is sent with beside its body. The `openai` package understands the same names. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Record<string, string>;
  /** Always 0: a create that is repeated blindly starts a second job, and everything else is repeated by the loop. */
  readonly maxRetries?: number;
}

/**
 * Who talks to the Responses API (port): an `OpenAI` or `AzureOpenAI` instance of the `openai` package, or
 * `fetchClient`. What a method answers is awaited for the body, or an async iterable of stream events; where it has
 * `asResponse()`, as both clients do, that gives the HTTP answer itself.
 */
export interface ResponsesClient {
  readonly responses: {
    create(body: object, options?: RequestOptions): PromiseLike<unknown>;
    retrieve(responseId: string, query?: object, options?: RequestOptions): PromiseLike<unknown>;
    cancel(responseId: string, options?: RequestOptions): PromiseLike<unknown>;
  };
  /** Whether the client can fetch fresh credentials: then a request that was refused for them is worth one more try. */
  readonly refreshesCredentials?: boolean;
}
