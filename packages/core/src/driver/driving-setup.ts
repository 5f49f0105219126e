import type { Claims } from './claims.ts';
import type { SessionSetup } from './session.ts';

/** What driving a run needs of its runner. */
export interface DrivingSetup extends SessionSetup {
  readonly claims: Claims;
  /** The run is over, or not driven here any more. */
  readonly ended: () => void;
  /** A run that was not driven here any more is about to be taken up again. @throws where it may not be */
  readonly reopening: () => void;
}
