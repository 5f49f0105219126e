export type { AgentRunActions, AgentRunStartOptions } from './agent-run-actions.ts';
export { type AgentRunKey, agentRunKeys, type AgentRunListKey } from './agent-run-keys.ts';
export { agentRunOptions, type AgentRunOptions } from './agent-run-options.ts';
export type { AgentRunResult } from './agent-run-result.ts';
export { LonghaulProvider, type LonghaulProviderProps, useRunner } from './longhaul-provider.tsx';
export type { RunOwner } from './take-up-run.ts';
export { useAgentRun, type UseAgentRunOptions } from './use-agent-run.ts';
export type { AgentRunCallbacks } from './use-run-callbacks.ts';
