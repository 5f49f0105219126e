import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/** A saved run that cannot be read: damaged, or written by a newer version. The saved run is left as it is. */
export class SnapshotError extends LonghaulError {
  static {
    this.prototype.name = 'SnapshotError';
  }

  constructor(
    code: 'unreadable_snapshot' | 'newer_snapshot',
    message: string,
    options: { readonly cause?: unknown } = {},
  ) {
    super(code, message, options);
  }

  static override isInstance(value: unknown): value is SnapshotError {
    return isErrorNamed(value, 'SnapshotError');
  }
}
