import type { Agent } from '../../agent/define-agent.ts';
import type { RunPolicy } from '../../engine/run-policy.ts';

/** The agent, context and policy that drive a run. Each resume may pass a newer agent, context and policy. */
export interface DriveOptions {
  readonly agent: Agent;
  /** The context that the caller passed. If it is undefined, the runner may provide one. */
  readonly context: unknown;
  /** The policy of this runner for runs of the agent. */
  readonly policy: RunPolicy;
}
