import { pendingResponseId } from '../../engine/pending-response.ts';
import { errorMessage } from '../../errors/error-message.ts';
import { LonghaulError } from '../../errors/longhaul-error.ts';
import { mustBe } from '../../errors/must-be.ts';
import { StoreError } from '../../errors/store-error.ts';
import type { RunStore } from '../../store/run-store.ts';
import { openStatuses } from '../../store/undriven-runs.ts';
import { textOf } from '../../wire/json.ts';
import { isResponseId } from '../../wire/response-id.ts';

/** A run of this process. */
interface WakeableRun {
  readonly id: string;
  readonly responseId: string | undefined;
  /** Asks the API about the response now. Returns false if this process does not drive the run. */
  wake(responseId: string): boolean;
}

/** Drives runs that no process drives. */
interface Adopter {
  lookSoon(runId: string, hasMessage: boolean): void;
}

/**
 * Wakes the run that waits for a response. If no run does, the store remembers the webhook: the create of the response
 * may not be answered, or the answer may not be saved yet. The run's loop saves the id first, and then takes the webhook.
 * This function remembers the webhook first, and then looks again. So one of them notices the other.
 *
 * @returns whether a run waits for the response
 * @throws StoreError if the store fails
 */
export async function wakeResponse(
  store: RunStore,
  runs: readonly WakeableRun[],
  adoption: Adopter,
  responseId: string,
): Promise<boolean> {
  const isId = typeof responseId === 'string' && isResponseId(responseId);
  mustBe(isId, 'wakeResponse', 'responseId', 'the id of a response');
  if (runs.some((run) => run.responseId === responseId && run.wake(responseId))) return true;
  const wake = async (runId: string): Promise<boolean> => {
    if (runs.some((run) => run.id === runId && run.wake(responseId))) return true;
    if (store.post === undefined) return false;
    await store.post(runId, { type: 'woken', responseId });
    adoption.lookSoon(runId, true);
    return true;
  };
  try {
    return await wakeStored(store, responseId, wake);
  } catch (error) {
    // A custom store may throw anything.
    if (LonghaulError.isInstance(error)) throw error;
    throw new StoreError('unavailable', `The store failed: ${errorMessage(error)}`, { cause: error });
  }
}

/** `wake`: wakes a stored run. It resolves to false if no process can be reached that drives the run. */
async function wakeStored(
  store: RunStore,
  responseId: string,
  wake: (runId: string) => Promise<boolean>,
): Promise<boolean> {
  const runId = await findRun(store, responseId);
  if (runId !== undefined) return wake(runId);
  if (store.rememberWebhook === undefined || store.takeWebhook === undefined) return false;
  await store.rememberWebhook(responseId);
  const saved = await findRun(store, responseId);
  if (saved === undefined) return false;
  // The id was saved in the meantime. Either the loop of the run takes the webhook, or this function does.
  const isTakenHere = await store.takeWebhook(responseId);
  return !isTakenHere || wake(saved);
}

/** The stored run that waits for a response. Without `findByResponse`, all open runs are read. */
async function findRun(store: RunStore, responseId: string): Promise<string | undefined> {
  if (store.findByResponse !== undefined) return textOf(await store.findByResponse(responseId));
  const heads = await store.list({ status: openStatuses });
  return heads.find((head) => pendingResponseId(head) === responseId)?.runId;
}
