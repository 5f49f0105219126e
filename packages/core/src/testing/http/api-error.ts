import type { JsonObject } from '../../wire/json.ts';

/** An HTTP error in the API's form. */
export interface ApiError {
  readonly status: number;
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

/** Whether the result of a route is an error. */
export function isApiError(value: ApiError | JsonObject): value is ApiError {
  return typeof value['status'] === 'number' && typeof value['message'] === 'string';
}

export function invalidRequest(
  message: string,
  param: string | null = null,
  code: string | null = null,
  status = 400,
): ApiError {
  return { status, message, type: 'invalid_request_error', param, code };
}

export function errorBody(error: ApiError): JsonObject {
  return { error: { message: error.message, type: error.type, param: error.param, code: error.code } };
}

/** The error for an id that is unknown, deleted, expired or never retrievable. */
export function responseNotFound(id: string): ApiError {
  return invalidRequest(`Response with id '${id}' not found.`, null, null, 404);
}
