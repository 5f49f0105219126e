import {
  type AgentRef,
  ConfigurationError,
  type Decision,
  LonghaulError,
  randomId,
  type Run,
  type RunInput,
  type RunView,
  type StartOptions,
  type ThreadRun,
  type ToolCallView,
} from '@longhaul/core';
import { waitsForPerson } from './choose-inputs.ts';
import { editedInput } from './edited-input.ts';
import type { QueuedInput, WaitingInput } from './queue/queued-input.ts';
import { ownerOf } from './tree/thread-runs.ts';
import type { DecideOptions, SendOptions } from './thread-actions.ts';
import { addToQueue, holdEntries, holdSent, removeSent, replaceRuns } from './queue/queue-changes.ts';
import { keepUnsent, sendAfter, sendFirst, sendHeld, sendNext, waiting } from './send-queued.ts';
import {
  handleOf,
  isActive,
  leafNow,
  startRun,
  type ThreadScope,
  turnOfRun,
  viewNow,
} from './thread-scope.ts';

export { removeFromQueue, removeSent } from './queue/queue-changes.ts';
export { queueOf } from './queue/queue-of.ts';
export { readQueue, subscribeQueues } from './queue/queue-storage.ts';

/** Returns the conversation of an action, in its current state. */
type Scope<A extends AgentRef> = () => ThreadScope<A>;

/** The actions whose code a page loads after it has rendered. */
export interface ThreadWork<A extends AgentRef> {
  send(scope: Scope<A>, input: RunInput, options?: SendOptions): Promise<void>;
  stop(scope: Scope<A>): Promise<void>;
  retry(scope: Scope<A>, runId: string): Promise<void>;
  edit(scope: Scope<A>, runId: string, input: RunInput): Promise<void>;
  regenerate(scope: Scope<A>, runId: string): Promise<void>;
  respond(scope: Scope<A>, decisions: readonly Decision[], options?: DecideOptions): Promise<void>;
  /** Sends the next input of the queue, if the last turn has ended. */
  sendNext(scope: Scope<A>): Promise<void>;
}

function mustHaveInput(action: string, input: RunInput): void {
  if (input.length > 0) return;
  throw new ConfigurationError(`${action}: \`input\` must not be empty.`, { option: 'input' });
}

function awaits({ status }: ToolCallView): boolean {
  return status === 'awaiting_approval' || status === 'awaiting_output';
}

/** The newest loaded run in which one of these calls waits. */
function runOfCalls(views: ReadonlyMap<string, RunView>, decisions: readonly Decision[]): string | undefined {
  const ids = new Set(decisions.map(({ callId }) => callId));
  const isWaiting = ({ toolCalls }: RunView): boolean =>
    toolCalls.some((call) => ids.has(call.callId) && awaits(call));
  const runs = [...views.values()].toSorted((a, b) => b.createdAt - a.createdAt);
  return (runs.find(isWaiting) ?? runs[0])?.runId;
}

/** The end of an action. Later actions do not wait for it, because a server may not answer for long. */
interface Ending {
  readonly done: Promise<unknown>;
}

/** Cancels the last turn if it is active. */
async function stopLast<A extends AgentRef>(scope: ThreadScope<A>): Promise<Ending> {
  const { view } = await leafNow(scope);
  if (view === undefined || !isActive(view)) return { done: Promise.resolve() };
  // If the page closes before the server has the run, the next page must not send it.
  holdSent(view.threadId, view.runId);
  const run = await handleOf(scope, view.runId);
  const done = run.cancel();
  done.catch(() => undefined);
  return { done };
}

/** Stops the last turn, and holds the queue: the turn may end before the server reads the cancel. */
async function stop<A extends AgentRef>(scope: ThreadScope<A>): Promise<Ending> {
  const leaf = await leafNow(scope);
  const { threadId } = scope;
  if (threadId !== undefined && isActive(leaf.view))
    holdEntries(
      threadId,
      waiting(threadId, leaf).map(({ id }) => id),
    );
  return await stopLast(scope);
}

/** Starts a run in place of others. Their inputs no longer wait when it is saved. */
function startInstead<A extends AgentRef>(
  scope: ThreadScope<A>,
  replaced: readonly ThreadRun[],
  input: RunInput,
  options: Pick<StartOptions, 'continueFrom' | 'title'>,
): void {
  const runId = randomId();
  const { threadId } = scope;
  const ids = replaced.map((run) => run.runId);
  if (threadId !== undefined) replaceRuns(threadId, ids, runId);
  const run = startRun(scope, input, { ...options, runId });
  run.saved().then(
    () => removeSent(run.view.threadId, [runId]),
    () => undefined,
  );
}

/** An input of the queue, after this run. All runs of a thread have the same owner. */
function entryAfter(after: string, { id, input }: QueuedInput, runs: readonly ThreadRun[]): WaitingInput {
  const owner = ownerOf(runs);
  return { id, input, after, ...(owner === undefined ? {} : { owner }) };
}

async function steer(run: Run, input: RunInput, runs: readonly ThreadRun[]): Promise<void> {
  const steerId = randomId();
  try {
    await run.steer(input, { steerId });
  } catch (error) {
    const isOver = LonghaulError.isInstance(error) && error.code === 'run_over';
    if (!isOver) throw error;
    // The turn has ended in the meantime.
    addToQueue(run.view.threadId, entryAfter(run.id, { id: steerId, input }, runs));
  }
}

async function send<A extends AgentRef>(
  scope: Scope<A>,
  input: RunInput,
  { whileActive = 'queue', title }: SendOptions,
): Promise<Ending | undefined> {
  const now = scope();
  const leaf = await leafNow(now);
  const { view } = leaf;
  const entry = { id: randomId(), input };
  const { threadId = entry.id } = now;
  const queue = waiting(now.threadId, leaf);
  const after = view?.runId ?? queue.at(-1)?.id;
  if (after === undefined) {
    sendFirst(now, { ...entry, title });
    return undefined;
  }
  const next = entryAfter(after, entry, leaf.runs);
  if (isActive(view)) {
    if (whileActive === 'refuse')
      throw new LonghaulError(
        'busy',
        `Thread ${threadId} is still answering. Wait, stop it, or queue the input.`,
      );
    if (whileActive === 'steer') {
      const run = await handleOf(now, after);
      const done = steer(run, input, leaf.runs);
      done.catch(() => undefined);
      return { done };
    }
    addToQueue(threadId, next);
  } else if (queue.length === 0) {
    await sendAfter(scope, leaf, next);
  } else {
    addToQueue(threadId, next);
    if (waitsForPerson(queue, leaf)) await sendHeld(scope);
    // A page that could not read the thread before tries again.
    else sendNext(scope).catch(() => undefined);
  }
  return undefined;
}

/** Does work one after the other. Two inputs that are sent at the same time would otherwise continue the same turn. */
function inOrder(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const done = last.then(work);
    last = done.catch(() => undefined);
    return done;
  };
}

/** Starts another version of a turn, after the active turn was stopped. */
async function startVersion<A extends AgentRef>(
  scope: Scope<A>,
  runId: string,
  input: RunInput | undefined,
): Promise<void> {
  const { version } = await turnOfRun(scope(), runId);
  const first = version.runs[0]?.runId ?? runId;
  const { input: old, title } = await viewNow(scope(), first);
  const asked = input === undefined ? old : editedInput(old, input);
  await keepUnsent(scope());
  const { continues } = version;
  const isFirst = continues === undefined;
  startInstead(scope(), version.runs, asked, { continueFrom: continues, ...(isFirst ? { title } : {}) });
}

async function retry<A extends AgentRef>(now: ThreadScope<A>, runId: string): Promise<void> {
  const { version } = await turnOfRun(now, runId);
  const view = await viewNow(now, version.runId);
  if (!isActive(view)) {
    await keepUnsent(now);
    return startInstead(now, version.runs, [], { continueFrom: version.runId });
  }
  // Driving has stopped, for example because the credentials expired.
  const { runner, agent, context } = now;
  const owner = context === undefined ? {} : { context };
  if (view.driver !== 'here') await runner.resume(agent, version.runId, owner);
}

async function respond<A extends AgentRef>(
  scope: ThreadScope<A>,
  decisions: readonly Decision[],
  options: DecideOptions,
): Promise<void> {
  const runId = options.runId ?? runOfCalls(scope.views, decisions);
  if (runId === undefined)
    throw new ConfigurationError('useAgentThread has no run. Call `send`, or pass a `threadId`.');
  const run = await handleOf(scope, runId);
  await run.respond(decisions);
}

export function threadWork<A extends AgentRef>(): ThreadWork<A> {
  const once = inOrder();
  /** Stops the active turn, and then starts another version of this turn. */
  const replace = async (scope: Scope<A>, runId: string, input: RunInput | undefined): Promise<void> => {
    const { done } = await once(async () => {
      await turnOfRun(scope(), runId);
      return await stopLast(scope());
    });
    await done;
    await once(() => startVersion(scope, runId, input));
  };
  return {
    send: async (scope, input, options = {}) => {
      mustHaveInput('send', input);
      const ending = await once(() => send(scope, input, options));
      await ending?.done;
    },
    stop: async (scope) => {
      const { done } = await once(() => stop(scope()));
      await done;
    },
    retry: (scope, runId) => once(() => retry(scope(), runId)),
    edit: async (scope, runId, input) => {
      mustHaveInput('edit', input);
      await replace(scope, runId, input);
    },
    regenerate: (scope, runId) => replace(scope, runId, undefined),
    respond: (scope, decisions, options = {}) => respond(scope(), decisions, options),
    sendNext,
  };
}
