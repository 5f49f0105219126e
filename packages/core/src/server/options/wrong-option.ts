import { ConfigurationError } from '../../errors/configuration-error.ts';

/** Returns the error for an invalid option. `message` follows the name of the option, and must not contain secrets. */
export function wrongOption(option: string, message: string): ConfigurationError {
  return new ConfigurationError(`createProxy: \`${option}\` ${message}`, { option });
}
