'use client';

import {
  type AgentRef,
  type ContextOf,
  type ErrorView,
  isTerminalRun,
  type RunStatus,
  type RunView,
  type ThreadRun,
} from '@longhaul/core';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useMemo, useState } from 'react';
import { errorView } from '../error-view.ts';
import { useRunner } from '../longhaul-provider.tsx';
import { useDrivingError } from '../use-driving-error.ts';
import { useLatest } from '../use-latest.ts';
import { agentThreadActions } from './agent-thread-actions.ts';
import { agentThreadOptions } from './agent-thread-options.ts';
import { isBegun, isHeld, type QueuedInput } from './queue/queued-input.ts';
import { type PathTurn, pathOf, threadTree } from './tree/thread-tree.ts';
import { withLiveRunsOf } from './tree/thread-runs.ts';
import type { AgentThreadActions } from './thread-actions.ts';
import type { ThreadScope } from './thread-scope.ts';
import { type ThreadTurn, turnOf } from './tree/thread-turn.ts';
import { useThreadQueue } from './use-thread-queue.ts';
import { useThreadWindow } from './use-thread-window.ts';
import { useSelectedThread } from './use-selected-thread.ts';
import { useShownTurns } from './use-shown-turns.ts';
import { useLoadedRuns, useThreadViews } from './use-thread-views.ts';

export interface UseAgentThreadOptions<A extends AgentRef = AgentRef> {
  readonly agent: A;
  /** The thread to show. @example searchParams.get('thread') ?? undefined */
  readonly threadId?: string | undefined;
  /** Called with the id of a new thread after its first `send`. Store it in the source of `threadId`. */
  onThreadId?(threadId: string): void;
  /** Passed to the agent's tools. */
  readonly context?: ContextOf<A> | undefined;
  /** Minimum milliseconds between two renders while text streams. Status changes render immediately. @default 50 */
  readonly throttleMs?: number | undefined;
}

export interface AgentThreadResult<A extends AgentRef = AgentRef> extends AgentThreadActions {
  readonly threadId: string | undefined;
  /** The loaded turns of the shown branch: the last 20, and those that `loadEarlier` has added. */
  readonly turns: readonly ThreadTurn<A>[];
  readonly hasEarlier: boolean;
  /** Loads 20 more turns before those that are loaded. */
  loadEarlier(): void;
  /** The status of the last turn. `idle` without one. */
  readonly status: RunStatus | 'idle';
  /** Whether the last turn has not ended. */
  readonly isActive: boolean;
  /** Why the last turn failed, why driving stopped, or why the thread could not be loaded. */
  readonly error: ErrorView | undefined;
  readonly isLoading: boolean;
  /** The inputs that wait for the next turn, in the order in which they are sent. */
  readonly queue: readonly QueuedInput[];
}

const noRuns: readonly ThreadRun[] = [];
const noThread = '';

/**
 * Shows a conversation with an agent, and sends its turns. The runs are driven by the runner, so they are not affected
 * when a component unmounts. The conversation survives reloads, and several tabs may show it.
 *
 * @example
 * const thread = useAgentThread({ agent: support, threadId, onThreadId: setThreadId });
 * return thread.turns.map((turn) => (
 *   <article key={turn.runId} aria-busy={!isTerminalRun(turn.status)}>
 *     {turn.parts.map((part) => (part.type === 'text' ? <p key={part.key}>{part.text}</p> : null))}
 *   </article>
 * ));
 */
export function useAgentThread<const A extends AgentRef>(
  options: UseAgentThreadOptions<A>,
): AgentThreadResult<A> {
  const { agent, context, throttleMs } = options;
  const runner = useRunner();
  const client = useQueryClient();
  const selected = useSelectedThread(options.threadId);
  const { threadId, shown, conversation } = selected;
  const list = useQuery({
    ...agentThreadOptions(runner, threadId ?? noThread),
    enabled: threadId !== undefined,
  });
  const loaded = useLoadedRuns(runner);
  const saved = (threadId === undefined ? undefined : list.data) ?? noRuns;
  const runs = useMemo(() => withLiveRunsOf(threadId, saved, loaded), [threadId, saved, loaded]);
  const path = useMemo(() => pathOf(threadTree(runs), shown), [runs, shown]);

  const isKnown = threadId === undefined || list.data !== undefined;
  const { turns: window, loadEarlier } = useThreadWindow(path, isKnown);
  const { views, failed, isLoading, error } = useThreadViews(
    runner,
    loaded,
    window.flatMap(({ version }) => version.runs),
    { agent, context },
    throttleMs,
  );
  const turns = useShownTurns(threadId, loadedTurns<A>(window, views, failed), isLoading);
  const last = path.at(-1)?.version.runId;
  const leaf = last === undefined ? undefined : views.get(last);
  const drivingError = useDrivingError(last === undefined ? undefined : loaded.find(({ id }) => id === last));

  const known = isKnown || runs.length > 0 ? runs : undefined;
  const queue = useThreadQueue({ threadId, saved, runs: known, leaf });

  const scope: ThreadScope<A> = {
    ...{ runner, client, agent, context, conversation, threadId, shown, views, queue },
    show: (id, runId) => {
      const isNew = conversation.threadId === undefined;
      Object.assign(conversation, { threadId: id, shown: runId });
      // The person has opened another conversation in the meantime.
      if (latest.current.conversation !== conversation) return;
      // The next action may be called before React has rendered the new run.
      latest.current = { ...latest.current, ...conversation };
      selected.show(id, runId);
      if (isNew) latest.current.onThreadId?.(id);
    },
  };
  const latest = useLatest({ ...options, ...scope });
  const [{ actions, sendNext }] = useState(() => agentThreadActions<A>(() => latest.current));
  const status = leaf?.status ?? 'idle';
  const isOver = leaf === undefined || isTerminalRun(leaf.status);
  const first = queue.find(isBegun) ?? (isHeld(leaf?.status) ? undefined : queue[0]);
  /** The input that is sent next, and the run that it follows. */
  const next = isOver && first !== undefined ? `${last}/${first.id}` : undefined;
  const { isError } = list;
  useEffect(() => {
    // After a failure, the effect waits until the thread can be read again.
    if (next !== undefined && !isError) sendNext().catch(() => undefined);
  }, [next, isError, sendNext]);

  const thrown = drivingError ?? list.error ?? error;
  return {
    ...actions,
    threadId,
    turns,
    hasEarlier: path.length > window.length,
    loadEarlier,
    status,
    isActive: !isOver,
    error:
      (leaf?.status === 'cancelled' ? undefined : leaf?.error) ??
      (thrown === null ? undefined : errorView(thrown)),
    isLoading: turns.length === 0 && (list.isLoading || isLoading),
    queue,
  };
}

/**
 * The turns after the last one that is still being loaded. Earlier turns would appear above a gap. A turn that cannot be
 * loaded is left out.
 */
function loadedTurns<A extends AgentRef>(
  path: readonly PathTurn[],
  views: ReadonlyMap<string, RunView>,
  failed: ReadonlySet<string>,
): readonly ThreadTurn<A>[] {
  const turns = path.map((turn) => turnOf(turn, views));
  const isLoading = ({ version }: PathTurn, index: number): boolean =>
    turns[index] === undefined && !version.runs.some(({ runId }) => failed.has(runId));
  return turns
    .slice(path.findLastIndex(isLoading) + 1)
    .filter((turn): turn is ThreadTurn<A> => turn !== undefined);
}
