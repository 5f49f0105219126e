import { ConfigurationError } from '../../errors/configuration-error.ts';

/** The function whose options these are, for messages. */
export const proxyOwner = 'createProxy';

/**
 * Returns the error for an invalid option of the function `owner`. `message` follows the name of the option, and must
 * not contain secrets.
 */
export function wrongOption(owner: string, option: string, message: string): ConfigurationError {
  return new ConfigurationError(`${owner}: \`${option}\` ${message}`, { option });
}
