import { wrongOption } from './wrong-option.ts';

/** A count or a duration. */
export function checkNumber(option: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) > 0) return;
  throw wrongOption(option, 'has to be a positive whole number.');
}

/** The same, where `Infinity` switches a limit off. */
export function checkLimit(option: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkNumber(option, value);
}
