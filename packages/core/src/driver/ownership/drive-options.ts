import type { Agent } from '../../agent/define-agent.ts';
import type { RunPolicy } from '../../engine/run-policy.ts';

/** As what a run is driven here: whoever takes it up may bring a newer agent, and another context for its tools. */
export interface DriveOptions {
  readonly agent: Agent;
  readonly context: unknown;
  /** The rules by which this runner drives a run of this agent. */
  readonly policy: RunPolicy;
}
