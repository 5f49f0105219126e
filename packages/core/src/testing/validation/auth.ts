import { invalidRequest, type ApiError } from '../http/api-error.ts';

/** The error for a missing or wrong key. It does not contain the key, because error messages are logged. */
export function authError(headers: Headers, apiKey: string | undefined): ApiError | undefined {
  if (apiKey === undefined) return undefined;
  const given = headers.get('authorization')?.replace(/^Bearer +/i, '') ?? headers.get('api-key');
  if (given === null || given === '') {
    return invalidRequest(
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
      null,
      null,
      401,
    );
  }
  if (given === apiKey) return undefined;
  return invalidRequest(
    'Incorrect API key provided. You can find your API key at https://platform.openai.com/account/api-keys.',
    null,
    'invalid_api_key',
    401,
  );
}
