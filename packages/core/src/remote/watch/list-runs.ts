import { mustBe } from '../../errors/must-be.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import type { RunSummary } from '../../run/runner.ts';
import type { RunFilter } from '../../store/run-store.ts';
import { isJsonObject, type JsonObject } from '../../wire/json.ts';
import { errorOf, isOk, type ServerAccess } from './server-access.ts';

export const activeStatuses = [
  'queued',
  'in_progress',
  'running_tools',
  'requires_action',
  'cancelling',
] as const;

/** The most runs that the server lists in one answer. */
const pageLength = 1_000;

function isSummary(value: unknown): value is JsonObject & RunSummary {
  return isJsonObject(value) && typeof value['runId'] === 'string' && typeof value['status'] === 'string';
}

function pathOf({ agent, status, after }: RunFilter, limit: number): string {
  const query = new URLSearchParams({ limit: String(limit) });
  for (const [name, value] of Object.entries({ agent, after }))
    if (value !== undefined) query.set(name, value);
  for (const one of [status ?? []].flat()) query.append('status', one);
  return `/runs?${query}`;
}

/**
 * Lists the visitor's runs that match a filter, newest first.
 *
 * @throws ConfigurationError for an invalid filter
 */
export async function listRuns(server: ServerAccess, given?: RunFilter): Promise<RunSummary[]> {
  const { limit = Number.POSITIVE_INFINITY, ...filter } = checkedFilter(given);
  mustBe(filter.runId === undefined, 'list', 'runId', 'absent here: `read` and `follow` find one run');
  mustBe(
    filter.owner === undefined,
    'list',
    'owner',
    'absent here: the server lists the runs of its visitor',
  );
  const listed: RunSummary[] = [];
  while (listed.length < limit) {
    const asked = Math.min(pageLength, limit - listed.length);
    const after = listed.at(-1)?.runId ?? filter.after;
    const answer = await server.ask('GET', pathOf({ ...filter, after }, asked));
    if (!isOk(answer)) throw errorOf(answer);
    const { runs } = answer.body;
    const page = Array.isArray(runs) ? runs.filter(isSummary) : [];
    listed.push(...page);
    if (page.length < asked) break;
  }
  return listed;
}
