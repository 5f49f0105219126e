/**
 * Sends the inputs of a thread's queue. An input stays in the storage of the page until the store has its run. If the
 * page closes before that, the next page sends the input.
 */
import { type AgentRef, ConfigurationError, isTerminalRun, LonghaulError, type Run } from '@longhaul/core';
import { allInputs, type Choose, nextInputs, runIdOf } from './choose-inputs.ts';
import { withFreeLock, withLock } from './queue/lock.ts';
import { addToQueue, holdSent, keepInQueue, markSent, removeSent } from './queue/queue-changes.ts';
import { joinedInput, queueOf } from './queue/queue-of.ts';
import { readQueue, saveFirst } from './queue/queue-storage.ts';
import type { WaitingInput } from './queue/queued-input.ts';
import { ownerOf } from './tree/thread-runs.ts';
import { isActive, type Leaf, leafNow, startRun, type ThreadScope } from './thread-scope.ts';

/**
 * How long a page that sends a turn keeps the others from sending, in milliseconds. A page without a connection must not
 * stop them. Two pages that send the same inputs start the same run.
 */
const longestLockMs = 10_000;

/** Refusals of the visitor, not of the input. */
const passing: readonly string[] = ['unauthorized', 'forbidden'];

export function waiting(threadId: string | undefined, { runs, view }: Leaf): readonly WaitingInput[] {
  return threadId === undefined ? [] : queueOf(readQueue(threadId), view, runs);
}

/**
 * Saves the steered inputs that the last run of the shown branch has not used. They are only found in the last run, so
 * they are saved before another run takes its place.
 */
export async function keepUnsent<A extends AgentRef>(scope: ThreadScope<A>): Promise<void> {
  const { threadId } = scope;
  if (threadId === undefined) return;
  const leaf = await leafNow(scope);
  keepInQueue(threadId, waiting(threadId, leaf), ownerOf(leaf.runs));
}

/**
 * Sends inputs of the queue as one turn, if the last turn has ended. Resolves when the run is saved.
 *
 * @param onStart Called when the turn has started
 */
async function sendChosen<A extends AgentRef>(
  now: ThreadScope<A>,
  leaf: Leaf,
  choose: Choose,
  onStart: () => void,
): Promise<void> {
  const { threadId } = now;
  if (threadId === undefined || isActive(leaf.view)) return;
  const queue = waiting(threadId, leaf);
  const chosen = choose(queue, leaf);
  if (chosen.length === 0) return;
  const runId = runIdOf(chosen, queue);
  const options = { runId, continueFrom: leaf.view?.runId, title: chosen[0]?.title };
  if (leaf.view !== undefined) {
    keepInQueue(threadId, queue, ownerOf(leaf.runs));
    const ids = chosen.map(({ id }) => id);
    markSent(threadId, ids, runId);
  }
  const input = joinedInput(chosen.map((entry) => entry.input));
  const run = startOr(
    () => removeSent(threadId, [runId]),
    () => startRun(now, input, options),
  );
  onStart();
  await removeWhenSaved(threadId, run);
}

/** Waits for the work, but not longer than a page keeps the lock. The signal aborts then. */
async function withinTime(work: (late: AbortSignal) => Promise<void>): Promise<void> {
  const late = new AbortController();
  const ended = Promise.withResolvers<void>();
  const timer = setTimeout(() => {
    late.abort();
    ended.resolve();
  }, longestLockMs);
  try {
    await Promise.race([work(late.signal), ended.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Starts a run. Removes an input that no run accepts: it would stay at the head of the queue. */
function startOr(remove: () => void, start: () => Run): Run {
  try {
    return start();
  } catch (error) {
    // An error without an option is about the runner, for example one that is closed.
    if (ConfigurationError.isInstance(error) && error.option !== undefined) remove();
    throw error;
  }
}

/**
 * Removes the inputs of a run when other pages can see the run, or when the server has refused the input. They wait if
 * the server has refused the visitor. If the handle was detached first, the next page sends them.
 */
async function removeWhenSaved(threadId: string, run: Run): Promise<void> {
  const isSaved = await run.saved().then(
    () => true,
    () => false,
  );
  const { status, error } = run.view;
  if (!isSaved && !isTerminalRun(status)) return;
  const isOfVisitor = !isSaved && error !== undefined && passing.includes(error.code);
  // The owner of a first input is not known, so that the next visitor would see it.
  const isFirst = readQueue(threadId).first?.id === run.id;
  if (isOfVisitor && !isFirst) holdSent(threadId, run.id);
  else removeSent(threadId, [run.id]);
}

/**
 * The end of the shown branch, which is read again: another page may have added a run. Undefined without a read if
 * nothing is to be sent, for example because this page has sent it in the meantime.
 */
async function readEnd<A extends AgentRef>(now: ThreadScope<A>, choose: Choose): Promise<Leaf | undefined> {
  const known = await leafNow(now);
  const isDone = isActive(known.view) || choose(waiting(now.threadId, known), known).length === 0;
  return isDone ? undefined : await leafNow(now, true);
}

/**
 * Sends inputs of the queue as one turn. One page sends them: the others find the run when they have the lock. Resolves
 * when the turn has started, when there is nothing to send, and when the inputs wait for another page.
 *
 * @param leaf The end of the shown branch, if it need not be read
 * @param later Chooses the inputs after another page had the lock
 */
async function sendFromQueue<A extends AgentRef>(
  scope: () => ThreadScope<A>,
  choose: Choose,
  leaf?: Leaf,
  later: Choose = choose,
): Promise<void> {
  const { threadId } = scope();
  if (threadId === undefined) return;
  const lock = `longhaul/queue/${threadId}`;
  const started = Promise.withResolvers<boolean>();
  const sendNow =
    (choice: Choose, known?: Leaf) =>
    async (late: AbortSignal): Promise<void> => {
      const now = scope();
      // Without a connection, the inputs wait.
      const end = known ?? (await readEnd(now, choice).catch(() => undefined));
      // Another page may have the lock now, or the person may have chosen another branch.
      if (end === undefined || late.aborted || scope().shown !== now.shown) return;
      await sendChosen(now, end, choice, () => started.resolve(true));
    };
  const sending = withFreeLock(lock, () => withinTime(sendNow(choose, leaf)));
  const isFree = await Promise.race([started.promise, sending]);
  if (!isFree) withLock(lock, () => withinTime(sendNow(later))).catch(() => undefined);
}

/** Sends the next input of the queue. */
export async function sendNext<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, nextInputs);
}

/** Sends all waiting inputs as one turn. */
export async function sendHeld<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, allInputs);
}

/** Starts the first turn of a conversation. */
export function sendFirst<A extends AgentRef>(now: ThreadScope<A>, entry: WaitingInput): void {
  const { id, input, title } = entry;
  const { threadId = id } = now;
  saveFirst(threadId, { ...entry, at: Date.now() });
  const run = startOr(
    () => saveFirst(threadId, undefined),
    () => startRun(now, input, { runId: id, title }),
  );
  void removeWhenSaved(threadId, run);
}

/** Starts a turn that follows this one. Resolves when the turn has started, or when the input waits. */
export async function sendAfter<A extends AgentRef>(
  scope: () => ThreadScope<A>,
  leaf: Leaf,
  entry: WaitingInput,
): Promise<void> {
  const now = scope();
  const { threadId = entry.id } = now;
  try {
    addToQueue(threadId, entry);
  } catch (error) {
    if (!LonghaulError.isInstance(error) || error.code !== 'queue_full') throw error;
    // The input is too large for the storage. It need not wait.
    startRun(now, entry.input, { runId: entry.id, continueFrom: leaf.view?.runId });
    return;
  }
  const only: Choose = (queue) => queue.filter(({ id }) => id === entry.id);
  await sendFromQueue(scope, only, leaf, nextInputs);
}
