import { mustBe } from '../../errors/must-be.ts';
import type { ThreadFilter, ThreadRun, ThreadSummary } from '../../store/run-store.ts';
import { checkedThreadFilter, checkThreadId } from '../../store/thread-lists.ts';
import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { isSummary, listPath, readPages } from './list-runs.ts';
import { errorOf, isGone, isOk, type ServerAccess } from './server-access.ts';

/** Ids whose path would be that of another route. */
const otherPaths: readonly string[] = ['runs', 'threads', '.', '..'];

function isThread(value: JsonValue): value is JsonObject & ThreadSummary {
  return isJsonObject(value) && typeof value['threadId'] === 'string' && typeof value['status'] === 'string';
}

function isThreadRun(value: JsonValue): value is JsonObject & ThreadRun {
  return isSummary(value) && typeof value['agent'] === 'string';
}

/**
 * Lists the runs of a conversation that the visitor may read, oldest first.
 *
 * @throws ConfigurationError for an id that the server has no route for
 */
export async function listThreadRuns(server: ServerAccess, threadId: string): Promise<ThreadRun[]> {
  checkThreadId(threadId);
  const hasRoute = !otherPaths.includes(threadId);
  mustBe(hasRoute, 'listThreadRuns', 'threadId', `not ${otherPaths.join(', ')} here: it is a part of a path`);
  const answer = await server.ask('GET', `/threads/${encodeURIComponent(threadId.toWellFormed())}`);
  if (isGone(answer)) return [];
  if (!isOk(answer)) throw errorOf(answer);
  const { runs } = answer.body;
  return Array.isArray(runs) ? runs.filter(isThreadRun) : [];
}

/**
 * Lists the visitor's conversations that match a filter, those with the newest run first.
 *
 * @throws ConfigurationError for an invalid filter
 */
export async function listThreads(server: ServerAccess, given?: ThreadFilter): Promise<ThreadSummary[]> {
  const { limit, after: first, agent, owner } = checkedThreadFilter(given);
  mustBe(owner === undefined, 'listThreads', 'owner', 'absent here: the server lists those of its visitor');
  return readPages(server, {
    ...{ limit, after: first },
    pathOf: (most, after) => listPath('/threads', { limit: most, agent, after }),
    read: ({ threads }) => (Array.isArray(threads) ? threads.filter(isThread) : []),
    idOf: ({ threadId }) => threadId,
  });
}
