import type { RunStatus } from '../../../engine/view/run-view.ts';
import type { RunSummary } from '../../../run/runner.ts';
import { defined } from '../../../wire/defined.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { withShownMetadata } from '../redact/shown-metadata.ts';
import { invalidRequest } from '../refusals.ts';
import { checkQuery } from '../request-body.ts';
import { answerInTime } from './answer-in-time.ts';
import { readLimit, visibleEntries } from './list-query.ts';

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
  readonly threadId: string | undefined;
}

function readQuery(query: URLSearchParams): ListQuery {
  checkQuery(query, ['agent', 'status', 'threadId', 'limit', 'after'], ['status']);
  const named = query.getAll('status').flatMap((list) => list.split(','));
  const status = named.filter(isStatus);
  if (status.length < named.length)
    throw invalidRequest(`\`status\` must be one of ${Object.keys(statuses).join(', ')}.`);
  return {
    agent: query.get('agent') ?? undefined,
    status: status.length === 0 ? undefined : status,
    limit: readLimit(query),
    after: query.get('after') ?? undefined,
    threadId: query.get('threadId') ?? undefined,
  };
}

/** Lists the visitor's own runs. */
export async function listRuns<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
): Promise<Response> {
  const { access, config } = parts;
  const { runner, clock } = config;
  const query = readQuery(visit.url.searchParams);
  // The position of another visitor's run would reveal when that run was started.
  if (query.after !== undefined) {
    const { owner } = await access.check(visit.principal, query.after, 'read');
    if (owner !== visit.owner) throw invalidRequest('`after` must be one of the runs that this route lists.');
  }
  const { limit, after, ...filter } = query;
  const list = {
    ...{ limit, after },
    list: (most: number, last: string | undefined) =>
      runner.list({ owner: visit.owner, limit: most, ...defined({ ...filter, after: last }) }),
    idOf: ({ runId }: RunSummary) => runId,
    show: async (run: RunSummary) =>
      (await access.lists(visit.principal, run)) ? withShownMetadata(run) : undefined,
  };
  return answerInTime(clock, async (answered) => ({ runs: await visibleEntries(list, answered) }));
}
