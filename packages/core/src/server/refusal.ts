import { LonghaulError } from '../errors/longhaul-error.ts';

export interface RefusalDetails {
  /** The invalid field, as OpenAI names it: `input[2].file_id`. */
  readonly param?: string;
  /** OpenAI's error type. Default: `invalid_request_error`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const longestText = 1_000;

/** Thrown if the proxy refuses a request. The handler answers it with an error in OpenAI's shape. */
export class Refusal extends LonghaulError {
  static {
    this.prototype.name = 'Refusal';
  }

  readonly status: number;
  readonly details: RefusalDetails;

  constructor(status: number, code: string, message: string, details: RefusalDetails = {}) {
    super(code, message);
    this.status = status;
    this.details = details;
  }

  toResponse(): Response {
    const { type = 'invalid_request_error', param, headers } = this.details;
    // `param` comes from the request. It is truncated, so that the answer does not repeat a name of several megabytes.
    const error = {
      message: this.message.slice(0, longestText),
      type,
      param: param?.slice(0, longestText) ?? null,
      code: this.code,
    };
    return Response.json({ error }, { status: this.status, ...(headers === undefined ? {} : { headers }) });
  }
}
