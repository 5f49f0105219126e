export { agentRef, type AgentRefOf } from './agent-ref.ts';
export { remoteRunner } from './remote-runner.ts';
export type { RemoteRunnerOptions } from './remote-runner-options.ts';
