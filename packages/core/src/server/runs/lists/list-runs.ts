import { abortReason } from '../../../clock/abort-reason.ts';
import type { RunStatus } from '../../../engine/view/run-view.ts';
import type { RunSummary } from '../../../run/runner.ts';
import { defined } from '../../../wire/defined.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { invalidRequest, unavailable } from '../refusals.ts';
import { checkQuery } from '../request-body.ts';
import { withinTime } from '../within-time.ts';

const defaultLimit = 100;
const mostRuns = 1_000;
/** The maximum number of queries of the store for one request. With `defaultLimit`, they read 136,500 runs. */
const mostQueries = 6;

const statuses: Readonly<Record<RunStatus, true>> = {
  queued: true,
  in_progress: true,
  running_tools: true,
  requires_action: true,
  cancelling: true,
  completed: true,
  incomplete: true,
  failed: true,
  cancelled: true,
};

function isStatus(text: string): text is RunStatus {
  return Object.hasOwn(statuses, text);
}

interface ListQuery {
  readonly agent: string | undefined;
  readonly status: readonly RunStatus[] | undefined;
  readonly limit: number;
  readonly after: string | undefined;
}

function readQuery(query: URLSearchParams): ListQuery {
  checkQuery(query, ['agent', 'status', 'limit', 'after'], ['status']);
  const named = query.getAll('status').flatMap((list) => list.split(','));
  const status = named.filter(isStatus);
  if (status.length < named.length)
    throw invalidRequest(`\`status\` must be one of ${Object.keys(statuses).join(', ')}.`);
  const text = query.get('limit') ?? String(defaultLimit);
  const limit = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(limit <= mostRuns)) throw invalidRequest(`\`limit\` must be a whole number from 0 to ${mostRuns}.`);
  return {
    agent: query.get('agent') ?? undefined,
    status: status.length === 0 ? undefined : status,
    limit,
    after: query.get('after') ?? undefined,
  };
}

/**
 * The visitor's runs that they may read, newest first. The default of `may` allows all of them, so the first query
 * usually suffices. Otherwise each query asks for four times as many runs as the one before.
 *
 * @param answered Ends the work: the request was answered without it
 */
async function readable<P extends Principal>(
  { access, config }: HandlerParts<P>,
  { principal, owner }: Visit<P>,
  { limit, after: first, ...filter }: ListQuery,
  answered: AbortSignal,
): Promise<readonly RunSummary[]> {
  const runs: RunSummary[] = [];
  let after = first;
  let asked = limit;
  for (let query = 0; query < mostQueries && asked > 0; query += 1) {
    const listed = await config.runner.list({ owner, limit: asked, ...defined({ ...filter, after }) });
    for (const summary of listed) {
      if (answered.aborted) return runs;
      if (await access.may(principal, { ...summary, owner: summary.owner }, 'read')) runs.push(summary);
      if (runs.length === limit) return runs;
    }
    if (listed.length < asked || answered.aborted) return runs;
    after = listed.at(-1)?.runId;
    asked = Math.max(asked, defaultLimit) * 4;
  }
  return runs;
}

/** Lists the visitor's own runs. */
export async function listRuns<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
): Promise<Response> {
  const query = readQuery(visit.url.searchParams);
  // The position of another visitor's run would reveal when that run was started.
  if (query.after !== undefined) {
    const { owner } = await parts.access.check(visit.principal, query.after, 'read');
    if (owner !== visit.owner) throw invalidRequest('`after` must be one of the runs that this route lists.');
  }
  const answered = new AbortController();
  const runs = await withinTime(parts.config.clock, readable(parts, visit, query, answered.signal));
  answered.abort(abortReason);
  if (runs === undefined) throw unavailable();
  return Response.json({ runs: runs.value });
}
