import type { RunSummary } from '../../../run/runner.ts';
import { summarizeRuns } from '../../../run/summarize-runs.ts';
import { defined } from '../../../wire/defined.ts';
import type { Principal } from '../../principal.ts';
import type { HandlerParts, Visit } from '../handler-parts.ts';
import { noSuchRun } from '../refusals.ts';
import type { ListedRun, RunsOfVisitors } from '../run-access.ts';
import { checkQuery } from '../request-body.ts';
import { answerInTime } from './answer-in-time.ts';
import { readLimit, visibleEntries } from './list-query.ts';

/** The longest id of a thread. */
const longestThreadId = 512;

/** The number of a visitor's newest runs that count if the site has `may`. Each of them is checked. */
const mostChecked = 10_000;

/** Lists the conversations of the visitor's own runs. */
export async function listThreads<P extends Principal>(
  parts: HandlerParts<P>,
  visit: Visit<P>,
): Promise<Response> {
  const { runner, clock, ownersReadAll } = parts.config;
  const query = visit.url.searchParams;
  checkQuery(query, ['agent', 'limit', 'after']);
  const of = defined({ owner: visit.owner, agent: query.get('agent') ?? undefined });
  const page = { limit: readLimit(query), ...defined({ after: query.get('after') ?? undefined }) };
  return answerInTime(clock, async (answered) => ({
    threads: ownersReadAll
      ? await runner.listThreads({ ...of, ...page })
      : summarizeRuns(await readableRuns(parts, visit, of, answered), page),
  }));
}

/** The runs that the visitor may read. A store cannot summarize them, because it counts all runs of the owner. */
async function readableRuns<P extends Principal>(
  { access, config }: HandlerParts<P>,
  { principal }: Visit<P>,
  of: { readonly owner?: string; readonly agent?: string },
  answered: AbortSignal,
): Promise<readonly RunSummary[]> {
  const list = {
    ...{ limit: mostChecked, after: undefined },
    list: (limit: number, after: string | undefined) =>
      config.runner.list({ ...of, limit, ...defined({ after }) }),
    idOf: ({ runId }: RunSummary) => runId,
    show: async (run: RunSummary) => ((await access.lists(principal, run)) ? run : undefined),
  };
  return visibleEntries(list, answered);
}

/**
 * Lists the runs of a conversation that the visitor may read. A conversation without such runs is refused like one that
 * does not exist.
 */
export async function listThreadRuns<P extends Principal>(
  { access, config }: HandlerParts<P>,
  { principal }: Visit<P>,
  threadId: string,
): Promise<Response> {
  if (threadId.length > longestThreadId) throw noSuchRun();
  return answerInTime(config.clock, async (answered) => {
    const runs = await readable(access, principal, await config.runner.listThreadRuns(threadId), answered);
    if (runs.length === 0) throw noSuchRun();
    return { runs };
  });
}

async function readable<P extends Principal, Run extends ListedRun>(
  access: RunsOfVisitors<P>,
  principal: P,
  listed: readonly Run[],
  answered: AbortSignal,
): Promise<readonly Run[]> {
  const runs: Run[] = [];
  for (const run of listed) {
    if (answered.aborted) break;
    if (await access.lists(principal, run)) runs.push(run);
  }
  return runs;
}
