import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/**
 * The error of a `RunStore`. `conflict`: another driver has saved this run, or the run already exists or was deleted.
 * `unavailable`: the store cannot be used now. The driver process waits and retries for about 60 s.
 */
export class StoreError extends LonghaulError {
  static {
    this.prototype.name = 'StoreError';
  }

  declare readonly code: 'conflict' | 'unavailable';

  constructor(code: 'conflict' | 'unavailable', message: string, options: { readonly cause?: unknown } = {}) {
    super(code, message, options);
  }

  static override isInstance(value: unknown): value is StoreError {
    return isErrorNamed(value, 'StoreError');
  }
}
