import { LonghaulError } from '../errors/longhaul-error.ts';

/**
 * The proxy's word about the way to the API, where the API itself said nothing about the request. It is JSON without an
 * `error` object: clients take an error in OpenAI's shape for the API's own, which ends runs and says that there is no
 * job. The status says what became of a create: after a 503 or a 424 it was not forwarded, after a 502 that is not known.
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
