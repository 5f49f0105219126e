export type { AgentRunActions, AgentRunStartOptions } from './agent-run-actions.ts';
export { type AgentRunKey, agentRunKeys, type AgentRunListKey } from './agent-run-keys.ts';
export { agentRunListOptions, type AgentRunListOptions } from './agent-run-list-options.ts';
export { agentRunOptions, type AgentRunOptions } from './agent-run-options.ts';
export type { AgentRunResult } from './agent-run-result.ts';
export { cancelRunMutationOptions, type CancelRunVariables } from './cancel-run-mutation-options.ts';
export { formatDuration } from './format-duration.ts';
export { formatRunStatus, type RunStatusLabels } from './format-run-status.ts';
export { LonghaulProvider, type LonghaulProviderProps, useRunner } from './longhaul-provider.tsx';
export { respondMutationOptions, type RespondVariables } from './respond-mutation-options.ts';
export { shouldDehydrateRun } from './should-dehydrate-run.ts';
export { startRunMutationOptions, type StartRunVariables } from './start-run-mutation-options.ts';
export type { RunOwner } from './resume-run.ts';
export { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';
export { useAgentRunStatus } from './use-agent-run-status.ts';
export { useAgentRuns } from './use-agent-runs.ts';
export { useCountdown } from './use-countdown.ts';
export { useElapsed } from './use-elapsed.ts';
export type { TickOptions } from './use-now.ts';
export type { AgentRunCallbacks } from './use-run-callbacks.ts';
export {
  type SuspenseAgentRunResult,
  useSuspenseAgentRun,
  type UseSuspenseAgentRunOptions,
} from './use-suspense-agent-run.ts';
export { useToolCall } from './use-tool-call.ts';
export { type AgentThreadKey, agentThreadKeys, type AgentThreadListKey } from './thread/agent-thread-keys.ts';
export type { AgentThreadActions, DecideOptions, SendOptions } from './thread/thread-actions.ts';
export {
  agentThreadListOptions,
  type AgentThreadListOptions,
} from './thread/agent-thread-list-options.ts';
export { agentThreadOptions, type AgentThreadOptions } from './thread/agent-thread-options.ts';
export type { QueuedInput } from './thread/queue/queued-input.ts';
export type { ThreadTurn } from './thread/tree/thread-turn.ts';
export {
  type AgentThreadResult,
  useAgentThread,
  type UseAgentThreadOptions,
} from './thread/use-agent-thread.ts';
export { useAgentThreads } from './thread/use-agent-threads.ts';
