import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import type { RunFilter } from './run-store.ts';

/**
 * Checks the filter of a `list`, with the same rules for every store. A value that SQLite cannot bind is rejected by
 * name, even if no run would match. A `limit` of Infinity becomes undefined, for all runs.
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
  mustBe(isCount, 'list', 'limit', 'a whole number of at least 0, or Infinity');
  return filter;
}
