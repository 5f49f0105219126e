import { ConfigurationError } from './configuration-error.ts';
import { errorMessage } from './error-message.ts';

/**
 * Refuses an option that cannot work. `owner` is who takes it, `what` what it must be.
 *
 * @throws ConfigurationError that names the option
 */
export function mustBe(ok: boolean, owner: string, option: string, what: string): asserts ok {
  if (!ok) throw new ConfigurationError(`${owner}: \`${option}\` must be ${what}.`, { option });
}

/** What an option may be: one of some words, or as `typeof` says it, but for numbers; `any` is checked by whoever takes it. */
type OptionKind = 'string' | 'function' | 'boolean' | 'number' | 'any' | readonly string[];

/** Infinity is no number here: JSON, by which runs are saved, has no word for it. */
function isOf(kind: OptionKind, value: unknown): boolean {
  if (kind === 'number') return Number.isFinite(value) && Number(value) > 0;
  if (typeof kind === 'object') return kind.some((word) => word === value);
  return kind === 'any' || kind === typeof value;
}

function said(kind: OptionKind): string {
  if (kind === 'number') return 'a finite number above 0';
  return typeof kind === 'object' ? `one of ${kind.join(', ')}` : `a ${kind}`;
}

/**
 * Refuses options that are none, of the wrong kind, and what is no option: a misspelt one would silently do nothing.
 * `group` is the option that holds them, where they are not all that `owner` takes.
 */
export function mustBeOptions<Options extends object>(
  options: Options,
  owner: string,
  kinds: { readonly [Name in keyof Required<Options>]: OptionKind },
  group = '',
): void {
  mustBe(typeof options === 'object' && options !== null, owner, group || 'options', 'an object');
  const known = new Map<string, OptionKind>(Object.entries(kinds));
  for (const [name, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const path = (group && `${group}.`) + name;
    const kind = known.get(name);
    mustBe(kind !== undefined, owner, path, `one of these options: ${[...known.keys()].join(', ')}`);
    mustBe(isOf(kind, value), owner, path, said(kind));
  }
}

/** A copy of what is sent as JSON, or a clear refusal of what JSON cannot hold: a cycle, a bigint. */
export function mustBeJson<T>(value: unknown, owner: string, option: string): T {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    const message = `${owner}: \`${option}\` must be plain JSON: ${errorMessage(cause)}`;
    throw new ConfigurationError(message, { option, cause });
  }
}

/** Whether an option is of this type, where it is given. */
export function isOptional(value: unknown, type: 'string' | 'function' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}
