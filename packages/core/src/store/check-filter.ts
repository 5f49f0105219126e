import { mustBe, mustBeOptions } from '../errors/must-be.ts';
import { isTexts } from '../wire/json.ts';
import { listLimit } from './list-limit.ts';
import type { RunFilter } from './run-store.ts';

/**
 * A filter as every store can take it. It may come from the query of an address, and a database would fail in words of
 * its own.
 *
 * @throws ConfigurationError that names what cannot be filtered by
 */
export function checkFilter(filter: RunFilter): RunFilter {
  mustBeOptions(filter, 'list', { status: 'any', agent: 'string', limit: 'any', after: 'string' });
  const { status, limit } = filter;
  const isStatus = status === undefined || typeof status === 'string' || isTexts(status);
  mustBe(isStatus, 'list', 'status', 'a status or a list of them');
  return { ...filter, limit: listLimit(limit) };
}
