import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/**
 * What a `RunStore` throws. `conflict`: another driver has saved this run meanwhile, or the run exists already.
 * `unavailable`: the store cannot be reached now; driving waits and tries again for up to 60 s.
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
