import { ConfigurationError } from './configuration-error.ts';

/**
 * Refuses an option that cannot work. `owner` is who takes it, `what` what it must be.
 *
 * @throws ConfigurationError that names the option
 */
export function mustBe(ok: boolean, owner: string, option: string, what: string): asserts ok {
  if (!ok) throw new ConfigurationError(`${owner}: \`${option}\` must be ${what}.`, { option });
}

/**
 * Refuses options that are none, and what is no option: a misspelt one would silently do nothing. `group` is the option
 * that holds them, where they are not all that `owner` takes.
 */
export function mustBeOptions<Options extends object>(
  options: Options,
  owner: string,
  known: readonly (keyof Options & string)[],
  group = '',
): void {
  mustBe(typeof options === 'object' && options !== null, owner, group || 'options', 'an object');
  const names: readonly string[] = known;
  for (const [name, value] of Object.entries(options)) {
    const path = group && `${group}.`;
    mustBe(
      value === undefined || names.includes(name),
      owner,
      path + name,
      `one of the options: ${names.join(', ')}`,
    );
  }
}

/** A copy of what is sent as JSON, or a clear refusal of what JSON cannot hold: a cycle, a bigint. */
export function mustBeJson<T>(value: unknown, owner: string, option: string): T {
  try {
    return JSON.parse(JSON.stringify(value));
  } catch (cause) {
    const message = `${owner}: \`${option}\` must be plain JSON: ${cause instanceof Error ? cause.message : String(cause)}`;
    throw new ConfigurationError(message, { option, cause });
  }
}

/** Whether an option is of this type, where it is given. */
export function isOptional(value: unknown, type: 'string' | 'function' | 'boolean'): boolean {
  return value === undefined || typeof value === type;
}

/** Whether an option is a number above zero, where it is given. Infinity is none: JSON, by which runs are saved, has no word for it. */
export function isOptionalPositive(value: unknown): boolean {
  return value === undefined || (Number.isFinite(value) && Number(value) > 0);
}
