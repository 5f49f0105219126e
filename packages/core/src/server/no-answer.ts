import { LonghaulError } from '../errors/longhaul-error.ts';

/**
 * Thrown if the proxy has no answer of the API to a request. The client receives JSON without an `error` object. The
 * client would treat an error in OpenAI's shape as the API's own: it would end the run and assume that no job exists.
 * For a create, the status states the outcome: 503 and 424 mean that no job was started, 502 that this is unknown.
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
