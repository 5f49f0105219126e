import { LonghaulError } from '../errors/longhaul-error.ts';

export interface RefusalDetails {
  /** The field at fault, as OpenAI names it: `input[2].file_id`. */
  readonly param?: string;
  /** OpenAI's error type. Default: `invalid_request_error`. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** The proxy's own no: thrown anywhere below the handler, which answers it in OpenAI's shape. */
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
    const { type = 'invalid_request_error', param = null, headers } = this.details;
    return Response.json(
      { error: { message: this.message, type, param, code: this.code } },
      { status: this.status, headers: { ...headers } },
    );
  }
}
