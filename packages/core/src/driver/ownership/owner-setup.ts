import type { ContextFunction } from '../context-function.ts';
import type { LoopPorts } from '../loop-setup.ts';
import type { Claims } from './claims.ts';

/** The parts of a runner that `RunOwner` needs. */
export interface OwnerSetup {
  readonly ports: LoopPorts;
  readonly claims: Claims;
  /** Provides the context of runs that were not given one. */
  readonly context: ContextFunction | undefined;
  /** Called when the run has ended, or is no longer driven or followed here. */
  readonly ended: () => void;
  /** Called before a request that drives a stopped run again. @throws if the runner is closed */
  readonly reopening: () => void;
  /** Called when a stopped run is driven or followed again. */
  readonly reopened: () => void;
  /** Called when this process, which only shows the run, has posted a message for it. No process may drive the run. */
  readonly posted: () => void;
}
