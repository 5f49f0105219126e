import {
  type AgentRef,
  ConfigurationError,
  type ContextOf,
  isTerminalRun,
  type Run,
  type RunInput,
  type Runner,
  type RunView,
  type StartOptions,
  type ThreadRun,
} from '@longhaul/core';
import type { QueryClient } from '@tanstack/react-query';
import { agentRunOptions } from '../agent-run-options.ts';
import { resumeRun } from '../resume-run.ts';
import { agentThreadOptions } from './agent-thread-options.ts';
import type { WaitingInput } from './queue/queued-input.ts';
import type { Conversation } from './use-selected-thread.ts';
import { type PathTurn, pathOf, threadTree } from './tree/thread-tree.ts';
import { withLiveRunsOf } from './tree/thread-runs.ts';

/** The conversation that a hook shows at this moment, for the actions on it. */
export interface ThreadScope<A extends AgentRef> {
  readonly runner: Runner;
  readonly client: QueryClient;
  readonly agent: A;
  readonly context: ContextOf<A> | undefined;
  readonly conversation: Conversation;
  readonly threadId: string | undefined;
  /** The run whose branch is shown. */
  readonly shown: string | undefined;
  /** The views that are loaded. */
  readonly views: ReadonlyMap<string, RunView>;
  readonly queue: readonly WaitingInput[];
  /** Shows the branch of a run. */
  show(threadId: string, runId: string): void;
}

/** The end of the shown branch. */
export interface Leaf {
  /** All runs of the thread. */
  readonly runs: readonly ThreadRun[];
  /** The newest run of the last turn. Undefined for a new thread. */
  readonly view: RunView | undefined;
}

/** The runs of the thread, which are read if `fresh` or if they are not known yet. */
async function runsOf<A extends AgentRef>(
  { client, runner, threadId }: ThreadScope<A>,
  fresh: boolean,
): Promise<readonly ThreadRun[]> {
  if (threadId === undefined) return [];
  const options = agentThreadOptions(runner, threadId);
  const known = client.getQueryData(options.queryKey);
  // The first run of a thread that was just started may not be saved for a long time, for example without a network.
  const isNew = known === undefined && runner.get(threadId) !== undefined;
  const isRead = fresh || (known === undefined && !isNew);
  const saved = isRead
    ? await client.fetchQuery({ ...options, staleTime: 0, ...(fresh ? { retry: false } : {}) })
    : (known ?? []);
  return withLiveRunsOf(threadId, saved, runner.runs);
}

/** The current view of a run, which is loaded if it is not known. */
export async function viewNow<A extends AgentRef>(scope: ThreadScope<A>, runId: string): Promise<RunView> {
  const { runner, client, agent, context, views } = scope;
  const known = runner.get(runId)?.view ?? views.get(runId);
  if (known !== undefined) return known;
  const saved = await runner.read(runId);
  const owner = saved === undefined || saved.agent === agent.name ? { agent, context } : {};
  return await client.fetchQuery(agentRunOptions(runner, runId, owner));
}

/** @param fresh Whether the runs of the thread are read again, because another page may have added some */
export async function leafNow<A extends AgentRef>(
  scope: ThreadScope<A>,
  fresh: boolean = false,
): Promise<Leaf> {
  const runs = await runsOf(scope, fresh);
  const last = pathOf(threadTree(runs), scope.shown).at(-1);
  return { runs, view: last && (await viewNow(scope, last.version.runId)) };
}

export function isActive(view: RunView | undefined): boolean {
  return view !== undefined && !isTerminalRun(view.status);
}

/** The handle of a run of the thread. */
export async function handleOf<A extends AgentRef>(scope: ThreadScope<A>, runId: string): Promise<Run> {
  const { runner, agent, context } = scope;
  const view = await viewNow(scope, runId);
  return await resumeRun<AgentRef>(runner, runId, view.agent === agent.name ? { agent, context } : {});
}

/** Starts a run of the thread, and shows its branch. */
export function startRun<A extends AgentRef>(
  { runner, agent, context, threadId, show }: ThreadScope<A>,
  input: RunInput,
  options: Pick<StartOptions, 'runId' | 'continueFrom' | 'title'>,
): Run<A> {
  // The repeated request for the first run of a thread must be the same as the first request.
  const isFirst = threadId === options.runId;
  const given: StartOptions<A> = { ...options, ...(isFirst ? {} : { threadId }) };
  const run = runner.start(agent, input, context === undefined ? given : { ...given, context });
  show(threadId ?? run.id, run.id);
  return run;
}

/** The turn of the shown path, or of another branch, that contains this run. */
export async function turnOfRun<A extends AgentRef>(scope: ThreadScope<A>, runId: string): Promise<PathTurn> {
  const runs = await runsOf(scope, false);
  const path = pathOf(threadTree(runs), runId);
  const turn = path.find(({ version }) => version.runs.some((run) => run.runId === runId));
  if (turn !== undefined) return turn;
  const thread = JSON.stringify(scope.threadId);
  throw new ConfigurationError(`useAgentThread: thread ${thread} has no run ${JSON.stringify(runId)}.`, {
    option: 'runId',
  });
}
