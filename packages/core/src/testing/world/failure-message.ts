const serverError =
  'An error occurred while processing your request. You can retry your request, or contact us through our help center at help.openai.com if the error persists. Please include the request ID wfr_0000000000000000 in your message.';

/** The API's messages by error code, as in recordings or reports. */
const byCode: { readonly [code: string]: string } = {
  server_error: serverError,
  rate_limit_exceeded:
    'Rate limit reached for gpt-4o in organization org-emulator on tokens per min (TPM): Limit 30000, Used 29000, Requested 5000. Visit https://platform.openai.com/account/rate-limits to learn more.',
  insufficient_quota:
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
  server_is_overloaded: 'Our servers are currently overloaded. Please try again later.',
  context_length_exceeded:
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
};

/** The error message of a response that fails with this code. */
export function failureMessage(code: string): string {
  return byCode[code] ?? serverError;
}

/** Adds the retry delay (`22s`) to a message. As in the API, it comes before the address to visit. */
export function withDelay(message: string, delay: string): string {
  const [what = '', ...more] = message.split(' Visit ');
  return [`${what} Please try again in ${delay}.`, ...more].join(' Visit ');
}
