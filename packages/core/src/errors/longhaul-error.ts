/** Marks errors of any copy of this package: two installed copies have different classes but share this symbol. */
const mark = Symbol.for('@longhaul/core/error');

/**
 * The base class of every error of Longhaul. `code` is stable and for programs, `message` is for people, and `cause` is
 * the original error, if there is one.
 *
 * @example
 * if (LonghaulError.isInstance(error) && error.code === 'unauthorized') askForLogin();
 */
export class LonghaulError extends Error {
  static {
    this.prototype.name = 'LonghaulError';
    Object.defineProperty(this.prototype, mark, { value: true });
  }

  readonly code: string;

  constructor(code: string, message: string, options: { readonly cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
  }

  /**
   * True for errors of this class and its subclasses, including those from another copy of the package, for which
   * `instanceof` fails.
   */
  static isInstance(value: unknown): value is LonghaulError {
    return isErrorNamed(value, 'LonghaulError');
  }
}

/** Whether `value` is a Longhaul error whose class, or a class it extends, has this name. */
export function isErrorNamed(value: unknown, name: string): boolean {
  if (typeof value !== 'object' || value === null || !(mark in value)) return false;
  for (
    let link: unknown = value;
    typeof link === 'object' && link !== null;
    link = Object.getPrototypeOf(link)
  ) {
    if (Object.getOwnPropertyDescriptor(link, 'name')?.value === name) return true;
  }
  return false;
}
