import { mustBe } from '../errors/must-be.ts';

/**
 * How many heads `list` may give; undefined for all. The same rule for every store.
 *
 * @throws ConfigurationError for what is neither a whole number from 0 on nor Infinity
 */
export function listLimit(limit: number | undefined): number | undefined {
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return undefined;
  mustBe(Number.isSafeInteger(limit) && limit >= 0, 'list', 'limit', 'a whole number from 0 on, or Infinity');
  return limit;
}
