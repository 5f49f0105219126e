import type { LoopPorts } from '../loop-setup.ts';
import type { Claims } from './claims.ts';

/** What owning a run needs of its runner. */
export interface OwnerSetup {
  readonly ports: LoopPorts;
  readonly claims: Claims;
  /** Called when the run is over, or no longer driven here. */
  readonly ended: () => void;
  /** Called before a run that was stopped is taken up again. @throws if the runner is closed */
  readonly reopening: () => void;
}
