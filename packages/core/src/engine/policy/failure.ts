import type { ErrorView } from '../view/run-view.ts';
import type { ErrorObject } from '../../wire/error-object.ts';
import { classOfCode } from './error-codes.ts';
import { statedDelayMs } from './stated-delay.ts';

/** An HTTP answer that is no Response object. */
export interface HttpFailure {
  readonly kind: 'http';
  /**
   * Who answered. `api`: the body is the API's error object, `{ error: { … } }`. `other`: something between this
   * process and the API: a gateway, a load balancer, a captive portal. Only the API's own answer may end a run.
   */
  readonly sender: 'api' | 'other';
  /** As HTTP has it. An error object under a 2xx status has the status that its code stands for. */
  readonly status: number;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The body is a web page, as of a captive portal or a gateway. */
  readonly page?: true;
}

/** Why a request had no usable answer: data, so that the engine can judge it. */
export type Failure =
  | HttpFailure
  /** The client has no credentials to send it with: nothing was sent. */
  | { readonly kind: 'credentials'; readonly message: string }
  /** The connection was never made: nothing was sent. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The connection broke or timed out: the server may have acted on the request. */
  | {
      readonly kind: 'lost';
      readonly message: string;
      /** The platform ended the wait: Node's fetch does after 300 s, the `openai` package after 600 s. */
      readonly timedOut?: true;
      /** The server had answered, with a stream that said nothing of a response. */
      readonly answered?: true;
      /** The process that sent it has died. */
      readonly died?: true;
    };

/** The failure as a run shows it. Servers' messages are passed on, so that they can be looked up. */
export function errorOf(failure: Failure): ErrorView {
  if (failure.kind === 'http') {
    return {
      code: failure.code ?? codeOfStatus(failure.status),
      message: failure.message,
      status: failure.status,
      ...(failure.param === null ? {} : { param: failure.param }),
    };
  }
  const code = {
    credentials: 'unauthorized',
    refused: 'connection_refused',
    lost: 'connection_lost',
  } as const;
  return { code: code[failure.kind], message: failure.message };
}

function codeOfStatus(status: number): string {
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'not_found';
  if (status === 429) return 'rate_limit_exceeded';
  if (status < 400) return 'invalid_response';
  return status >= 500 ? 'server_error' : 'invalid_request_error';
}

/** The status that an error object stands for where it came under a success status, or as an event of a stream. */
function statusOf({ code, type, status }: ErrorObject): number {
  if (status !== undefined) return status;
  switch (classOfCode(code ?? type ?? '')) {
    case 'overload':
    case 'quota':
      return 429;
    case 'transient':
      return 500;
    case 'final':
    case undefined:
      return 400;
  }
}

/** The API's own error, as a failure. `status` is undefined for an `error` event, which has none. */
export function apiFailure(
  status: number | undefined,
  error: ErrorObject,
  retryAfterMs?: number,
): HttpFailure {
  const { type, param, message } = error;
  // Some servers say that a quota is used up by the type alone.
  const code = error.code ?? (type !== null && classOfCode(type) === 'quota' ? type : null);
  const asked = retryAfterMs ?? statedDelayMs(message);
  return {
    kind: 'http',
    sender: 'api',
    status: status === undefined || status < 300 ? statusOf(error) : status,
    code,
    type,
    param,
    message,
    ...(asked === undefined ? {} : { retryAfterMs: asked }),
  };
}
