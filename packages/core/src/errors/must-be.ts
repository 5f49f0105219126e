import { ConfigurationError } from './configuration-error.ts';
import { errorMessage } from './error-message.ts';

/**
 * Throws if an option is invalid. `owner` is the function that takes it; `what` describes valid values.
 *
 * @throws ConfigurationError that names the option
 */
export function mustBe(ok: boolean, owner: string, option: string, what: string): asserts ok {
  if (!ok) throw new ConfigurationError(`${owner}: \`${option}\` must be ${what}.`, { option });
}

/**
 * The valid values of an option: one of several words, or a type of `typeof`. A `number` must be finite and positive; an
 * `amount` may also be 0 or Infinity. The owner itself checks an option of kind `any`.
 */
export type OptionKind = 'string' | 'function' | 'boolean' | 'number' | 'amount' | 'any' | readonly string[];

/** The kind `number` rejects Infinity, because runs are saved as JSON, which cannot represent it. */
function isOf(kind: OptionKind, value: unknown): boolean {
  if (kind === 'number') return Number.isFinite(value) && Number(value) > 0;
  if (kind === 'amount') return typeof value === 'number' && value >= 0;
  if (typeof kind === 'object') return kind.some((word) => word === value);
  return kind === 'any' || kind === typeof value;
}

function said(kind: OptionKind): string {
  if (kind === 'number') return 'a finite number above 0';
  if (kind === 'amount') return 'a number from 0';
  return typeof kind === 'object' ? `one of ${kind.join(', ')}` : `a ${kind}`;
}

/**
 * Rejects unknown options and options of the wrong type. A misspelt option would otherwise have no effect. `group` is
 * the option that contains these options, if they are not the owner's own.
 */
export function mustBeOptions<Options extends object>(
  options: Options,
  owner: string,
  kinds: { readonly [Name in keyof Required<Options>]: OptionKind },
  group = '',
): void {
  mustBe(isObject(options), owner, group || 'options', 'an object');
  const known = new Map<string, OptionKind>(Object.entries(kinds));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const path = (group && `${group}.`) + name;
    const kind = known.get(name);
    mustBe(kind !== undefined, owner, path, `one of these options: ${[...known.keys()].join(', ')}`);
    mustBe(isOf(kind, value), owner, path, said(kind));
  }
}

/** Copies a value through JSON. Throws if `JSON.stringify` throws (a cycle, a bigint) or returns nothing. */
export function mustBeJson<T>(value: unknown, owner: string, option: string): T {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    const message = `${owner}: \`${option}\` must be plain JSON: ${errorMessage(cause)}`;
    throw new ConfigurationError(message, { option, cause });
  }
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** Whether a value is an object with these methods. */
export function hasMethods(value: unknown, names: readonly string[]): boolean {
  return isObject(value) && names.every((name) => typeof Reflect.get(value, name) === 'function');
}

/** Whether an option is undefined or of this type. */
export function isOptional(value: unknown, type: 'string' | 'function' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}
