import { refreshesCredentials } from '../../client/client-credentials.ts';
import { sendRequest } from '../../client/send-request.ts';
import { forEachAtMost } from '../../clock/for-each-at-most.ts';
import { withTimeout } from '../../clock/time-out.ts';
import type { Answer } from '../../client/answer.ts';
import type { Failure } from '../../engine/policy/failure.ts';
import { judgeRetrieve } from '../../engine/policy/judge-failure.ts';
import { backOff, pauseAfter } from '../../engine/policy/retry-delay.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import type { RunSnapshot } from '../../store/run-store.ts';
import { fieldsOf } from '../../wire/json.ts';
import { isResponseId } from '../../wire/response-id.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { readSnapshot } from '../saved/read-snapshot.ts';
import { retryStore } from '../saved/retry-store.ts';

/** The maximum number of saved runs that are loaded at the same time. */
const loadsAtOnce = 4;
/** The maximum number of requests at the same time. */
const requestsAtOnce = 8;
/** The time limit of a request, in milliseconds. */
const answerWithinMs = 120_000;
/** The number of requests for one response, if the failures may be transient. */
const mostTries = 5;
/** The longest pause that the API may ask for, in milliseconds. For a longer pause, the call fails. */
const longestPauseMs = 60_000;

type Ports = Pick<LoopPorts, 'client' | 'clock' | 'random' | 'store' | 'time'>;

interface DeletedResponse {
  readonly runId: string;
  readonly responseId: string;
}

/**
 * The ids of the responses that the run has created, in all attempts of all iterations. Only texts that can be ids:
 * a damaged store may contain anything. The response that the run's first create continues belongs to another run.
 */
export function responseIdsOf({ head, items }: RunSnapshot): readonly string[] {
  const attemptsOf = (attempts: unknown): readonly unknown[] => (Array.isArray(attempts) ? attempts : []);
  const named: unknown[] = attemptsOf(head.attempts).map((attempt) => fieldsOf(attempt)['responseId']);
  for (const item of items) {
    if (item.type !== 'iteration') continue;
    named.push(...attemptsOf(item.attempts).map((attempt) => fieldsOf(attempt)['responseId']));
    named.push(item.responseId, item.endedAs);
  }
  return [...new Set(named)].filter((id): id is string => typeof id === 'string' && isResponseId(id));
}

/** The delay before the next request. Undefined if the same request would fail again. */
function pauseMs({ client, random }: Ports, failure: Failure, tries: number): number | undefined {
  if (tries >= mostTries) return undefined;
  const own = backOff(tries, random(), 1_000);
  switch (judgeRetrieve(failure)) {
    case 'retry':
    case 'credentials': {
      const pause = pauseAfter(failure.kind === 'http' ? failure.retryAfterMs : undefined, own);
      return pause > longestPauseMs ? undefined : pause;
    }
    case 'unauthorized':
      // Credentials from a function may have just expired.
      return tries === 1 && refreshesCredentials(client) ? 0 : undefined;
    case 'not_found':
    case 'final':
      return undefined;
  }
}

function deleteFailed(
  { runId, responseId }: DeletedResponse,
  message: string,
  cause: unknown,
): LonghaulError {
  const what = `Response ${responseId} of run ${runId} is not deleted at the API, so no run is deleted.`;
  const advice = 'Call `delete` again, or without `responses`.';
  return new LonghaulError('delete_failed', `${what} ${advice} The failure: ${message}`, { cause });
}

/** Sends the request until the API has deleted the response, or does not have it. */
async function deleteResponse(ports: Ports, deleted: DeletedResponse, stop: AbortSignal): Promise<void> {
  const { client, clock } = ports;
  const request = { kind: 'delete', responseId: deleted.responseId } as const;
  const late = (): Answer => {
    const message = `there was no answer within ${answerWithinMs} ms`;
    return { kind: 'failure', failure: { kind: 'lost', message }, pollAfterMs: undefined };
  };
  for (let tries = 1; ; tries += 1) {
    const answer = await withTimeout(answerWithinMs, clock, sendRequest(client, request, {}, clock), late);
    if (answer.kind === 'deleted') return;
    if (answer.kind !== 'failure')
      throw deleteFailed(deleted, 'the answer is not that of a delete', undefined);
    const { failure, cause } = answer;
    if (judgeRetrieve(failure) === 'not_found') return;
    const pause = stop.aborted ? undefined : pauseMs(ports, failure, tries);
    if (pause === undefined) throw deleteFailed(deleted, failure.message, cause);
    await clock.sleep(pause, stop);
  }
}

/**
 * Deletes the responses of saved runs at the API. A response that the API does not have counts as deleted, so the call
 * can be repeated. After a failure, no other request is begun.
 *
 * @throws LonghaulError `delete_failed` that names the response; SnapshotError for a damaged run; any error of the store
 */
export async function deleteResponses(
  ports: Ports,
  runIds: readonly string[],
  stop: AbortSignal,
): Promise<void> {
  const failures: unknown[] = [];
  const unlessFailed =
    <T>(work: (entry: T) => Promise<void>) =>
    async (entry: T): Promise<void> => {
      if (failures.length === 0) await work(entry).catch((error: unknown) => failures.push(error));
    };
  const responses: DeletedResponse[] = [];
  const load = async (runId: string): Promise<void> => {
    const stored = await retryStore(ports, () => ports.store.load(runId), stop);
    // Databases return null for a missing row, and so may a store.
    if (!stored) return;
    for (const responseId of responseIdsOf(readSnapshot(stored, runId)))
      responses.push({ runId, responseId });
  };
  await forEachAtMost(loadsAtOnce, runIds, unlessFailed(load));
  if (failures.length === 0)
    await forEachAtMost(
      requestsAtOnce,
      responses,
      unlessFailed((one: DeletedResponse) => deleteResponse(ports, one, stop)),
    );
  if (failures.length > 0) throw failures[0];
}
