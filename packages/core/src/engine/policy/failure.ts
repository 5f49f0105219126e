import type { ErrorView } from '../view/run-view.ts';
import type { ErrorObject } from '../../wire/error-object.ts';
import { classOfCode } from './error-codes.ts';
import { statedDelayMs } from './stated-delay.ts';

/** An HTTP answer that is not a Response object, or an error that a stream sent. */
export interface HttpFailure {
  readonly kind: 'http';
  /**
   * The sender of the answer. `api`: the body is the API's error object, `{ error: { … } }`. `other`: software between
   * this process and the API, such as a gateway, a load balancer or a captive portal.
   */
  readonly sender: 'api' | 'other';
  /** The HTTP status. For an error object without a status, or with a 2xx status, the status that fits its code. */
  readonly status: number;
  readonly code: string | null;
  readonly type: string | null;
  readonly param: string | null;
  readonly message: string;
  readonly retryAfterMs?: number;
  /** The body is a web page, such as that of a captive portal or a gateway. */
  readonly page?: true;
}

/** The reason why a request has no usable answer, as data for the engine. */
export type Failure =
  | HttpFailure
  /** The client has no usable credentials. Nothing was sent. */
  | { readonly kind: 'credentials'; readonly message: string }
  /** No connection was established. Nothing was sent. */
  | { readonly kind: 'refused'; readonly message: string }
  /** The connection broke or timed out. The server may have acted on the request. */
  | {
      readonly kind: 'lost';
      readonly message: string;
      /** A time limit was reached: 300 s in Node, 600 s in the `openai` package, or the engine's for a create. */
      readonly timedOut?: true;
      /** The server answered with a stream that did not name a response. */
      readonly answered?: true;
      /** The process that sent the request has died. */
      readonly died?: true;
    };

/** Converts a failure to an error of the view. The server's message is kept, so that users can search for it. */
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

/** The status that corresponds to an error object that came with a success status or as a stream event. */
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

/**
 * Converts an error object of the API to a failure. `status` is undefined for an `error` event, which has no status.
 */
export function apiFailure(
  status: number | undefined,
  error: ErrorObject,
  retryAfterMs?: number,
): HttpFailure {
  const { type, param, message } = error;
  // Some servers state only in the type that a quota is used up.
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
