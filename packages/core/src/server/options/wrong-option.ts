import { ConfigurationError } from '../../errors/configuration-error.ts';

/** The function whose options these are, for messages. */
export const owner = 'createProxy';

/** Returns the error for an invalid option. `message` follows the name of the option, and must not contain secrets. */
export function wrongOption(option: string, message: string): ConfigurationError {
  return new ConfigurationError(`${owner}: \`${option}\` ${message}`, { option });
}
