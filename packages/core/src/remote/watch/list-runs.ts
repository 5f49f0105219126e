import { mustBe } from '../../errors/must-be.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import type { RunSummary } from '../../run/runner.ts';
import type { RunFilter } from '../../store/run-store.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import type { Answer } from './server-access.ts';

export const activeStatuses = [
  'queued',
  'in_progress',
  'running_tools',
  'requires_action',
  'cancelling',
] as const;

/**
 * The path of the visitor's runs that match a filter.
 *
 * @throws ConfigurationError for an invalid filter
 */
export function listPath(filter: RunFilter = {}): string {
  const { owner, status, limit, agent, after } = checkedFilter(filter);
  mustBe(owner === undefined, 'list', 'owner', 'absent here: the server lists the runs of its visitor');
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries({ agent, limit, after }))
    if (value !== undefined) query.set(name, String(value));
  for (const one of [status ?? []].flat()) query.append('status', one);
  return query.size === 0 ? '/runs' : `/runs?${query}`;
}

function isSummary(value: unknown): value is JsonObject & RunSummary {
  return isJsonObject(value) && typeof value['runId'] === 'string' && typeof value['status'] === 'string';
}

/** The summaries in an answer. */
export function summariesOf({ body: { runs } }: Answer): RunSummary[] {
  return Array.isArray(runs) ? runs.filter(isSummary) : [];
}
