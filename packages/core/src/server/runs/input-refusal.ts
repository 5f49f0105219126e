import { ConfigurationError } from '../../errors/configuration-error.ts';
import { copyAnswer } from '../copy-answer.ts';

/**
 * The answer that the `input` hook has returned to refuse an input.
 *
 * @throws ConfigurationError if the Response is not a refusal: the page would treat it as the answer of the handler
 */
export function refusalOf(response: Response): Response {
  if (response.status >= 400) return copyAnswer(response);
  const message = `createRunsHandler: \`input\` returned a Response with the status ${response.status}. Return the input, or a Response with a status of at least 400.`;
  throw new ConfigurationError(message, { option: 'input' });
}
