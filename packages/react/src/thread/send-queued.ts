/**
 * Sends the inputs of a thread's queue. An input stays in the storage of the page until the store has its run. If the
 * page closes before that, the next page sends the input.
 */
import { type AgentRef, isTerminalRun, LonghaulError, type Run, type ThreadRun } from '@longhaul/core';
import { inOnePage, inOnePageNow } from './queue/one-page.ts';
import { joinedInput, queueOf } from './queue/queue-of.ts';
import { isHeld, type WaitingInput } from './queue/queued-input.ts';
import { addToQueue, keepInQueue, removeFromQueue, steeredOf } from './queue/queue-changes.ts';
import { readQueue, saveFirst } from './queue/queue-storage.ts';
import { ownerOf } from './tree/thread-runs.ts';
import { isActive, type Leaf, leafNow, startRun, type ThreadScope } from './thread-scope.ts';

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

/** The inputs that become one turn. The run has the id of the first one. */
type Choice = (queue: readonly WaitingInput[], leaf: Leaf) => readonly WaitingInput[];

/**
 * Sends inputs of the queue as one turn, if the last turn has ended. Resolves when the run is saved.
 *
 * @param onStart Called when the turn has started
 */
async function sendChosen<A extends AgentRef>(
  now: ThreadScope<A>,
  leaf: Leaf,
  choose: Choice,
  onStart: () => void,
): Promise<void> {
  const { threadId } = now;
  if (threadId === undefined || isActive(leaf.view)) return;
  const queue = waiting(threadId, leaf);
  const chosen = choose(queue, leaf);
  const [first] = chosen;
  if (first === undefined) return;
  const others = queue.filter((entry) => !chosen.includes(entry));
  keepInQueue(threadId, others, ownerOf(leaf.runs));
  const input = joinedInput(chosen.map((entry) => entry.input));
  const ids = chosen.map(({ id }) => id);
  // Another page may remove the inputs when it sees the run.
  const steered = steeredOf(threadId, ids);
  const remove = (): void => removeFromQueue(threadId, ids, steered);
  const run = startOr(remove, () =>
    startRun(now, input, { runId: first.id, continueFrom: leaf.view?.runId, title: first.title }),
  );
  onStart();
  if (await isDecided(run)) remove();
}

/** Starts a run. Input that no run accepts is removed: it would stay at the head of the queue. */
function startOr(remove: () => void, start: () => Run): Run {
  try {
    return start();
  } catch (error) {
    remove();
    throw error;
  }
}

/** Waits until other pages can see the run, or until it was refused. False if the handle was detached before that. */
async function isDecided(run: Run): Promise<boolean> {
  const isSaved = await run.saved().then(
    () => true,
    () => false,
  );
  return isSaved || isTerminalRun(run.view.status);
}

function lockOf(threadId: string | undefined): string {
  return `longhaul/queue/${threadId}`;
}

/**
 * Sends inputs of the queue as one turn. One page sends them: the others find the run when they have the lock. Resolves
 * when the turn has started, or when there is nothing to send.
 */
async function sendFromQueue<A extends AgentRef>(scope: () => ThreadScope<A>, choose: Choice): Promise<void> {
  const { threadId } = scope();
  if (threadId === undefined) return;
  const started = Promise.withResolvers<void>();
  const sending = inOnePage(lockOf(threadId), async () => {
    const now = scope();
    await sendChosen(now, await leafNow(now, true), choose, started.resolve);
  });
  await Promise.race([started.promise, sending]);
}

/**
 * Whether the queue waits for the next `send` of the person. The last turn was stopped or has failed, or the thread does
 * not have the run that the first input follows. Another page is saving that run, or it was never saved.
 */
export function waitsForPerson([first]: readonly WaitingInput[], { view, runs }: Leaf): boolean {
  const { after } = first ?? {};
  return isHeld(view?.status) || (after !== undefined && !runs.some(({ runId }) => runId === after));
}

/** The next input, unless the queue waits for the person. */
const next: Choice = (queue, leaf) => (waitsForPerson(queue, leaf) ? [] : queue.slice(0, 1));

/** Sends the next input of the queue. */
export async function sendNext<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, next);
}

/** Sends all waiting inputs as one turn. */
export async function sendHeld<A extends AgentRef>(scope: () => ThreadScope<A>): Promise<void> {
  await sendFromQueue(scope, (queue) => queue);
}

/** Starts the first turn of a conversation. */
export function sendFirst<A extends AgentRef>(now: ThreadScope<A>, entry: WaitingInput): void {
  const { id, input, title } = entry;
  const { threadId = id } = now;
  saveFirst(threadId, entry);
  const remove = (): void => saveFirst(threadId, undefined);
  const run = startOr(remove, () => startRun(now, input, { runId: id, title }));
  void isDecided(run).then((decided) => decided && remove());
}

/**
 * Starts a turn that follows this one. If another page is sending a turn of the thread, the input becomes the turn after
 * it. Resolves when the turn has started, or when the input waits.
 */
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
  const started = Promise.withResolvers<boolean>();
  const only: Choice = (queue) => queue.filter(({ id }) => id === entry.id);
  const sending = inOnePageNow(lockOf(threadId), () =>
    sendChosen(now, leaf, only, () => started.resolve(true)),
  );
  const isFree = await Promise.race([started.promise, sending]);
  if (!isFree) sendNext(scope).catch(() => undefined);
}

/** Removes the inputs whose runs are saved. A page may have been closed before it could remove them. */
export function removeSaved(threadId: string, runs: readonly ThreadRun[]): void {
  const { first, entries } = readQueue(threadId);
  const saved = new Set(runs.map(({ runId }) => runId));
  const ids = [first, ...entries].flatMap((entry) => (entry && saved.has(entry.id) ? [entry.id] : []));
  if (ids.length > 0) removeFromQueue(threadId, ids, []);
}
