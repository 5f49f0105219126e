import { agentRunOptions, useRunner } from '@longhaul/react';
import { useQueryClient } from '@tanstack/react-query';
import type { ShownAgent } from '../agent/shop-agent-ref.ts';
import type { DemoTurn, DemoView } from '../run/demo-call.ts';
import { runsOfTurn } from './turn-runs.ts';

/**
 * The views of all runs of a turn, oldest first. `useAgentThread` shows a turn after it has loaded all of its runs, and
 * all of them but the newest have ended. So they are in the cache, and do not change.
 */
export function useTurnRuns(agent: ShownAgent, { run }: DemoTurn): readonly DemoView[] {
  const runner = useRunner();
  const cache = useQueryClient();
  return runsOfTurn(run, (runId) => cache.getQueryData(agentRunOptions(runner, runId, { agent }).queryKey));
}
