import type { LoopPorts } from '../loop-setup.ts';
import type { Claims } from './claims.ts';

/** The parts of a runner that `RunOwner` needs. */
export interface OwnerSetup {
  readonly ports: LoopPorts;
  readonly claims: Claims;
  /** Called when the run has ended, or is no longer driven here. */
  readonly ended: () => void;
  /** Called before a stopped run is resumed. @throws if the runner is closed */
  readonly reopening: () => void;
}
