import type { Clock } from '../../clock/clock.ts';
import type { ServerAccess } from './server-access.ts';

/** The parts of the runner that a run uses. */
export interface RunHost<Run> {
  readonly server: ServerAccess;
  readonly clock: Clock;
  /** The run has its first observer, has lost its last one, or has ended. */
  observed(run: Run): void;
  /** The view may have changed. */
  changed(run: Run): void;
  /** Aborts the tools that the page executes for the run. Resolves when they have ended. */
  abortTools(run: Run, graceMs: number): Promise<void>;
}
