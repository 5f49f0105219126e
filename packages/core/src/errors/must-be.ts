import { jsonCopy } from '../wire/json-copy.ts';
import { ConfigurationError } from './configuration-error.ts';

/**
 * Refuses an option that cannot work. `owner` is who takes it, `what` what it must be.
 *
 * @throws ConfigurationError that names the option
 */
export function mustBe(ok: boolean, owner: string, option: string, what: string): asserts ok {
  if (!ok) throw new ConfigurationError(`${owner}: \`${option}\` must be ${what}.`, { option });
}

/** Refuses to go on without the one argument that says everything. */
export function mustBeOptions(options: unknown, owner: string): void {
  mustBe(typeof options === 'object' && options !== null, owner, 'options', 'an object');
}

/** A copy of what is sent as JSON, or a clear refusal of what JSON cannot hold: a cycle, a bigint. */
export function mustBeJson<T>(value: T, owner: string, option: string): T {
  try {
    return jsonCopy(value);
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
