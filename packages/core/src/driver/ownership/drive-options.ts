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

/** Why a run is resumed. */
export interface ResumeFlags {
  /** A person or a program requested to resume this run. See `ResumeOptions`. */
  readonly manual: boolean;
  /** The runner has found no process that drives the run. If another process drives it now, the resume has no effect. */
  readonly adopts: boolean;
}
