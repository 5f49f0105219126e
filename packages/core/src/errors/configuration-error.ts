import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/**
 * Invalid options of a function of Longhaul, such as `tool`, `defineAgent`, `createRunner` or `start`. The function
 * throws it before it sends anything. The message names the option, and its valid values or a remedy.
 */
export class ConfigurationError extends LonghaulError {
  static {
    this.prototype.name = 'ConfigurationError';
  }

  /** The path of the invalid option, such as `limits.runMs`; undefined if the error is not about one option. */
  readonly option: string | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly option?: string } = {}) {
    super('configuration', message, options);
    this.option = options.option;
  }

  static override isInstance(value: unknown): value is ConfigurationError {
    // The error of a run that ends because of its configuration is a `RunError`, and also a `ConfigurationError`.
    return isErrorNamed(value, 'ConfigurationError') || isErrorNamed(value, 'RunConfigurationError');
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return ConfigurationError.isInstance(value);
  }
}
