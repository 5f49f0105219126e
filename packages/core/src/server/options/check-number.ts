import { wrongOption } from './wrong-option.ts';

/** Checks a count or a duration among the options of `owner`. */
export function checkNumber(owner: string, option: string, value: unknown): void {
  if (Number.isSafeInteger(value) && Number(value) > 0) return;
  throw wrongOption(owner, option, 'has to be a positive whole number.');
}

/** Checks a limit that `Infinity` switches off. */
export function checkLimit(owner: string, option: string, value: unknown): void {
  if (value !== Number.POSITIVE_INFINITY) checkNumber(owner, option, value);
}
