import { ConfigurationError } from '../../errors/configuration-error.ts';

/** An option that cannot work. `message` follows the name of the option; it must not show secrets. */
export function wrongOption(option: string, message: string): ConfigurationError {
  return new ConfigurationError(`createProxy: \`${option}\` ${message}`, { option });
}
