'use client';

import { type AgentRef, isTerminalRun, type Run, type RunInput, type RunViewOf } from '@longhaul/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { agentRunActions } from './agent-run-actions.ts';
import { agentRunOptions } from './agent-run-options.ts';
import type { AgentRunResult } from './agent-run-result.ts';
import type { AgentRunScope } from './agent-run-scope.ts';
import { errorView, strangerError } from './error-view.ts';
import { useRunner } from './longhaul-provider.tsx';
import { oncePerRemount } from './once-per-remount.ts';
import { isRunOf, type RunOwner } from './resume-run.ts';
import { useDrivingError } from './use-driving-error.ts';
import { useLatest } from './use-latest.ts';
import { useLiveRun, useRunView } from './use-live-run.ts';
import { noRun, useNoRun } from './use-no-run.ts';
import { type AgentRunCallbacks, useRunCallbacks } from './use-run-callbacks.ts';
import { useSelectedRun } from './use-selected-run.ts';

export interface UseAgentRunOptions<A extends AgentRef = AgentRef> extends RunOwner<A>, AgentRunCallbacks<A> {
  readonly agent: A;
  /** The run to show. A change does not cancel the previous run. @example searchParams.get('run') ?? undefined */
  readonly runId?: string | undefined;
  /**
   * Called with the id of a new run after `start`, `send` or `retry`, and with undefined after `reset`. Store the id in
   * the source of `runId`, for example the URL.
   */
  onRunId?(runId: string | undefined): void;
  /**
   * Whether the run with the given `runId` is resumed from the store if the runner has not loaded it. `false` shows
   * only loaded runs and cached views; an action such as `cancel` still resumes the run. @default 'auto'
   */
  readonly resume?: 'auto' | false;
  /** Minimum milliseconds between two renders while text streams. Status changes render immediately. @default 50 */
  readonly throttleMs?: number | undefined;
}

const none: readonly never[] = [];
const noTexts: Readonly<Record<string, string>> = {};
const noUsage: RunViewOf<AgentRef>['usage'] = {
  inputTokens: 0,
  cachedInputTokens: 0,
  outputTokens: 0,
  reasoningTokens: 0,
  totalTokens: 0,
};

/**
 * Starts and shows runs of an agent. The runner drives the runs, so they are not affected when a component unmounts,
 * renders again or is mounted twice by StrictMode.
 *
 * @example
 * const run = useAgentRun({ agent: weather });
 * if (run.status === 'idle') return <button onClick={() => run.start('Umbrella today?')}>Ask</button>;
 * return <p aria-busy={run.isActive}>{run.error?.message ?? run.text}</p>;
 */
export function useAgentRun<const A extends AgentRef>(options: UseAgentRunOptions<A>): AgentRunResult<A> {
  const { agent, context, resume, throttleMs } = options;
  const runner = useRunner();
  const { runId, started, select } = useSelectedRun<A>(options.runId);

  const live = useLiveRun(runner, runId);
  const run = live !== undefined && isRunOf(live, agent) ? live : started;
  const published = useRunView(run, throttleMs);
  const query = useQuery({
    ...agentRunOptions(runner, runId ?? noRun, { agent, context }),
    enabled: runId !== undefined && resume !== false,
    // A loaded run is rendered at this hook's own rate, not at the rate of the cache.
    notifyOnChangeProps: () => [
      'status',
      'fetchStatus',
      'error',
      ...(run === undefined ? ['data' as const] : []),
    ],
  });
  useNoRun(runId);
  const drivingError = useDrivingError(run);

  const known: RunViewOf<A> | undefined = published ?? query.data;
  const isStranger = known !== undefined && known.agent !== agent.name;
  const view = isStranger ? undefined : known;
  const status = view?.status ?? 'idle';
  const isTerminal = status !== 'idle' && isTerminalRun(status);

  const scope: AgentRunScope<A> = {
    runner,
    owner: { agent, context },
    runId,
    run,
    status,
    show: (next) => {
      // The next action may be called before React has rendered the new run.
      latest.current = { ...latest.current, runId: next?.id, run: next, status: next?.view.status ?? 'idle' };
      select(next);
      latest.current.onRunId?.(next?.id);
    },
  };
  const latest = useLatest({ ...options, ...scope });
  const [once] = useState(() => oncePerRemount<RunInput, Run<A>>());
  useEffect(() => once.unmounted, [once]);
  const [actions] = useState(() => agentRunActions<A>(() => latest.current, once));
  useRunCallbacks(view, scope, started !== undefined, latest);

  const thrown = drivingError ?? query.error;
  return {
    ...actions,
    runId,
    status,
    view,
    text: view?.text ?? '',
    // An older version of the page may have persisted the view without these fields.
    commentary: view?.commentary ?? '',
    agentTexts: view?.agentTexts ?? noTexts,
    output: view?.output,
    items: view?.items ?? none,
    iterations: view?.iterations ?? none,
    toolCalls: view?.toolCalls ?? none,
    waiting: view?.waiting ?? null,
    usage: view?.usage ?? noUsage,
    warnings: view?.warnings ?? none,
    error:
      view?.error ??
      (isStranger ? strangerError(known, agent) : thrown === null ? undefined : errorView(thrown)),
    isActive: status !== 'idle' && !isTerminal,
    isTerminal,
    isLoading: view === undefined && query.isLoading,
    query,
  };
}
