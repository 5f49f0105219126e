import { LonghaulError } from '../errors/longhaul-error.ts';

/**
 * An error of the proxy, without an answer of the API to the request. It is JSON without an `error` object, because
 * clients treat an error in OpenAI's shape as the API's own: it ends the run and means that there is no job. The status
 * is the outcome of a create: 503 and 424 mean that it was not forwarded, 502 that this is unknown.
 */
export class NoAnswer extends LonghaulError {
  static {
    this.prototype.name = 'NoAnswer';
  }

  readonly status: number;
  readonly headers: Headers;

  constructor(status: number, code: string, message: string, headers: HeadersInit = {}) {
    super(code, message);
    this.status = status;
    this.headers = new Headers(headers);
  }

  toResponse(): Response {
    const headers = new Headers(this.headers);
    headers.set('content-type', 'application/json');
    const { code, message } = this;
    return new Response(JSON.stringify({ code, message }), { status: this.status, headers });
  }
}
