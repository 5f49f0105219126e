/** The options of a request. The `openai` package uses the same names. */
export interface RequestOptions {
  readonly signal?: AbortSignal;
  readonly headers?: Record<string, string>;
  /** Always 0. If the client retried a create, it could start a second job. The loop itself decides about retries. */
  readonly maxRetries?: number;
  /** Options of `fetch`: `cache: 'no-store'`, so that no framework answers a poll from its cache. */
  readonly fetchOptions?: { readonly cache?: 'no-store' };
}

/** An HTTP answer, with its headers and a body that is not read yet. */
export interface HttpAnswer {
  /** Sends the request. */
  asResponse(): PromiseLike<Response>;
}

/** The value that a method of a client returns: an HTTP answer, or a promise of a Response object or of events. */
export type ClientAnswer = PromiseLike<unknown> | HttpAnswer;

/**
 * A client of the Responses API (port): an `OpenAI` or `AzureOpenAI` instance of the `openai` package, or
 * `fetchClient`. If an answer has `asResponse()`, as with all three, the HTTP answer itself is read. Otherwise the
 * answer is awaited, and the resolved value is read. `delete` is optional.
 */
export interface ResponsesClient {
  readonly responses: {
    create(body: object, options?: RequestOptions): ClientAnswer;
    retrieve(responseId: string, query?: object, options?: RequestOptions): ClientAnswer;
    cancel(responseId: string, options?: RequestOptions): ClientAnswer;
    /**
     * Deletes a response. The answer is `{ id, object, deleted: true }`, and an awaited value may be undefined. Only
     * `runner.delete(runId, { responses: true })` calls it. Without it, that call rejects.
     */
    delete?(responseId: string, options?: RequestOptions): ClientAnswer;
  };
  /** The client's credentials. They are replaced in errors that are saved or shown, because servers may quote them. */
  secrets?(): readonly string[];
  /**
   * Whether the client can fetch new credentials. If so, and if the API refuses the credentials of a request, the
   * request is sent once more. This does not apply to the first create of a run.
   */
  readonly refreshesCredentials?: boolean;
}
