import type { FaultNamed } from '../faults/fault.ts';
import type { ApiError } from './api-error.ts';

interface Usual {
  readonly type: string;
  readonly code: string | null;
  readonly message: string;
}

const serverError =
  'The server had an error while processing your request. Sorry about that! Please contact us through our help center at help.openai.com if the error persists.';

const byStatus: { readonly [status: number]: Usual } = {
  400: { type: 'invalid_request_error', code: null, message: 'The request is invalid.' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  404: { type: 'invalid_request_error', code: null, message: 'Not found.' },
  408: { type: 'invalid_request_error', code: null, message: 'Request timed out.' },
  409: { type: 'invalid_request_error', code: null, message: 'The resource was changed by another request.' },
  429: { type: 'requests', code: 'rate_limit_exceeded', message: 'Rate limit reached for requests.' },
  503: {
    type: 'service_unavailable_error',
    code: 'server_is_overloaded',
    message: 'Our servers are currently overloaded. Please try again later.',
  },
};

const byCode: { readonly [code: string]: Usual } = {
  insufficient_quota: {
    type: 'insufficient_quota',
    code: 'insufficient_quota',
    message:
      'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  },
  slow_down: { type: 'rate_limit_error', code: 'slow_down', message: 'Slow down.' },
  conversation_locked: {
    type: 'invalid_request_error',
    code: 'conversation_locked',
    message: 'Another process is currently operating on this conversation. Please retry in a few seconds.',
  },
};

/** The error of an `http` fault: its own fields, with the API's defaults for that status or code. */
export function httpError(fault: FaultNamed<'http'>): ApiError {
  const status = fault.status ?? 500;
  const usual = byCode[fault.code ?? ''] ??
    byStatus[status] ?? { type: 'server_error', code: 'server_error', message: serverError };
  return {
    status,
    message: fault.message ?? usual.message,
    type: fault.type ?? usual.type,
    param: fault.param ?? null,
    code: fault.code === undefined ? usual.code : fault.code,
  };
}
