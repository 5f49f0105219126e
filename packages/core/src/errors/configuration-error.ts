import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/**
 * Options that cannot work, given to `tool`, `defineAgent`, `createRunner` or `start`: thrown at once, before
 * anything is sent. The message names the option and the way out.
 */
export class ConfigurationError extends LonghaulError {
  static {
    this.prototype.name = 'ConfigurationError';
  }

  /** The option at fault, as a path: `tools[1].parameters`. */
  readonly option: string | undefined;

  constructor(message: string, options: { readonly cause?: unknown; readonly option?: string } = {}) {
    super('configuration', message, options);
    this.option = options.option;
  }

  static override isInstance(value: unknown): value is ConfigurationError {
    // A run that its configuration ended is a `RunError`, and this as well.
    return isErrorNamed(value, 'ConfigurationError') || isErrorNamed(value, 'RunConfigurationError');
  }

  static override [Symbol.hasInstance](value: unknown): boolean {
    return ConfigurationError.isInstance(value);
  }
}
