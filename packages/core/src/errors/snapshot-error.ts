import { isErrorNamed, LonghaulError } from './longhaul-error.ts';

/**
 * A saved run, or a store's database, that cannot be read: it is damaged, or a newer version wrote it. It is not
 * changed.
 */
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
