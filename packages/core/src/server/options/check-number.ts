import { wrongOption } from './wrong-option.ts';

/** Checks a count or a duration. */
export function checkNumber(option: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) > 0) return;
  throw wrongOption(option, 'has to be a positive whole number.');
}

/** Checks a limit that `Infinity` switches off. */
export function checkLimit(option: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkNumber(option, value);
}
