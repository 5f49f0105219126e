import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { RunFilter } from './run-store.ts';

/**
 * The filter of a `list`, checked. The same rule for every store: what SQLite cannot bind is refused by name, also where
 * it would find nothing. A `limit` of Infinity becomes undefined: all.
 *
 * @throws ConfigurationError that names the field
 */
export function checkedFilter(filter: RunFilter = {}): RunFilter {
  mustBeOptions(filter, 'list', { status: 'any', agent: 'string', limit: 'any', after: 'string' });
  const { limit, status } = filter;
  const isStatus = status === undefined || [status].flat().every((one) => typeof one === 'string');
  mustBe(isStatus, 'list', 'status', 'a status, or an array of them');
  if (limit === undefined || limit === Number.POSITIVE_INFINITY) return { ...filter, limit: undefined };
  const isCount = Number.isSafeInteger(limit) && limit >= 0;
  mustBe(isCount, 'list', 'limit', 'a whole number from 0 on, or Infinity');
  return filter;
}
