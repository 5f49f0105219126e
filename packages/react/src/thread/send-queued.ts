import type { AgentRef, Run } from '@longhaul/core';
import { inOnePage } from './one-page.ts';
import { isHeld, joinedInput, queueOf, type SavedInput } from './queued-input.ts';
import { keepInQueue, removeFromQueue } from './queue-changes.ts';
import { readQueue } from './queue-storage.ts';
import { isActive, type Leaf, leafNow, startRun, type ThreadScope } from './thread-scope.ts';

export function waiting(threadId: string, { runIds, view }: Leaf): readonly SavedInput[] {
  return queueOf(readQueue(threadId), view, (runId) => runIds.has(runId));
}

/**
 * Saves the steered inputs that the last run of the shown branch has not used. They are only found in the last run, so
 * they are saved before another run takes its place.
 */
export async function keepUnsent<A extends AgentRef>(scope: ThreadScope<A>): Promise<void> {
  const { threadId } = scope;
  if (threadId === undefined) return;
  const leaf = await leafNow(scope);
  keepInQueue(threadId, waiting(threadId, leaf), leaf.view?.owner);
}

/** The inputs that become one turn. The run has the id of the first one. */
type Choice = (queue: readonly SavedInput[], leaf: Leaf) => readonly SavedInput[];

/**
 * Sends inputs of the queue as one turn, if the last turn has ended. One page sends them: the others find the run when
 * they have the lock. Resolves when the turn has started, or when there is nothing to send.
 */
async function sendFromQueue<A extends AgentRef>(scope: () => ThreadScope<A>, choose: Choice): Promise<void> {
  const { threadId } = scope();
  if (threadId === undefined) return;
  const started = Promise.withResolvers<void>();
  const sending = inOnePage(`longhaul/queue/${threadId}`, async () => {
    const now = scope();
    const leaf = await leafNow(now, true);
    if (isActive(leaf.view)) return;
    const queue = waiting(threadId, leaf);
    const chosen = choose(queue, leaf);
    const [first] = chosen;
    if (first === undefined) return;
    const others = queue.filter((entry) => !chosen.includes(entry));
    keepInQueue(threadId, others, leaf.view?.owner);
    const input = joinedInput(chosen.map((entry) => entry.input));
    try {
      const run = startRun(now, input, { runId: first.id, continueFrom: leaf.view?.runId });
      started.resolve();
      await savedOrOver(run);
    } finally {
      // Input that no run accepts would stay at the head of the queue.
      removeFromQueue(
        threadId,
        chosen.map(({ id }) => id),
      );
    }
  });
  await Promise.race([started.promise, sending]);
}

/** Waits until other pages can see the run. If it was refused, its handle shows why. */
async function savedOrOver(run: Run): Promise<void> {
  await run.saved().catch(() => undefined);
}

/**
 * Whether the queue waits for the next `send` of the person. The last turn was stopped or has failed, or the thread does
 * not have the run that the first input follows. Another page is saving that run, or it was never saved.
 */
export function waitsForPerson([first]: readonly SavedInput[], { view, runIds }: Leaf): boolean {
  return isHeld(view?.status) || (first?.after !== undefined && !runIds.has(first.after));
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
