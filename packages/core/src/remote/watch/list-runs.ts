import { mustBe } from '../../errors/must-be.ts';
import { checkedFilter } from '../../store/list-filter.ts';
import type { RunSummary } from '../../run/runner.ts';
import type { RunFilter } from '../../store/run-store.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
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

export function isSummary(value: JsonValue): value is JsonObject & RunSummary {
  return isJsonObject(value) && typeof value['runId'] === 'string' && typeof value['status'] === 'string';
}

/** The path of a list with these parameters. A parameter with several values occurs several times. */
export function listPath(
  path: string,
  parameters: Readonly<Record<string, string | readonly string[] | undefined>>,
): string {
  const query = new URLSearchParams();
  for (const [name, values] of Object.entries(parameters))
    for (const value of [values ?? []].flat()) query.append(name, value);
  return `${path}?${query}`;
}

/** A list that the server sends in pages. */
interface PagedList<Entry> {
  readonly limit: number | undefined;
  readonly after: string | undefined;
  readonly pathOf: (limit: string, after: string | undefined) => string;
  readonly read: (body: JsonObject) => readonly Entry[];
  readonly idOf: (entry: Entry) => string;
}

/** Reads pages of a list, one after the other, until the limit or the end of the list. */
export async function readPages<Entry>(server: ServerAccess, list: PagedList<Entry>): Promise<Entry[]> {
  const { limit = Number.POSITIVE_INFINITY, pathOf, read, idOf } = list;
  const listed: Entry[] = [];
  while (listed.length < limit) {
    const asked = Math.min(pageLength, limit - listed.length);
    const last = listed.at(-1);
    const answer = await server.ask('GET', pathOf(String(asked), last ? idOf(last) : list.after));
    if (!isOk(answer)) throw errorOf(answer);
    const page = read(answer.body);
    listed.push(...page);
    if (page.length < asked) break;
  }
  return listed;
}

/**
 * Lists the visitor's runs that match a filter, newest first.
 *
 * @throws ConfigurationError for an invalid filter
 */
export async function listRuns(server: ServerAccess, given?: RunFilter): Promise<RunSummary[]> {
  const { limit, after: first, agent, owner, runId, status, threadId } = checkedFilter(given);
  mustBe(runId === undefined, 'list', 'runId', 'absent here: `read` and `follow` find one run');
  mustBe(owner === undefined, 'list', 'owner', 'absent here: the server lists the runs of its visitor');
  return readPages(server, {
    ...{ limit, after: first },
    pathOf: (most, after) => listPath('/runs', { limit: most, agent, after, threadId, status }),
    read: ({ runs }) => (Array.isArray(runs) ? runs.filter(isSummary) : []),
    idOf: (summary) => summary.runId,
  });
}
