import { ConfigurationError } from './configuration-error.ts';

/**
 * Refuses an option that cannot work. `owner` is who takes it, `what` what it must be.
 *
 * @throws ConfigurationError that names the option
 */
export function mustBe(ok: boolean, owner: string, option: string, what: string): asserts ok {
  if (!ok) throw new ConfigurationError(`${owner}: \`${option}\` must be ${what}.`, { option });
}

/** Whether an option is of this type, where it is given. */
export function isOptional(value: unknown, type: 'string' | 'function'): boolean {
  return value === undefined || typeof value === type;
}

/** Whether an option is a number above zero, where it is given. */
export function isOptionalPositive(value: unknown): boolean {
  return value === undefined || (typeof value === 'number' && value > 0);
}
