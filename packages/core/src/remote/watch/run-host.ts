import type { Clock } from '../../clock/clock.ts';
import type { ServerAccess } from './server-access.ts';
import type { WatchedRun } from './watched-run.ts';

/** The parts of the runner that a run uses. */
export interface RunHost {
  readonly server: ServerAccess;
  readonly clock: Clock;
  /** The run has its first observer, has lost its last one, or has ended. */
  observed(run: WatchedRun): void;
  /** The view may have changed. */
  changed(run: WatchedRun): void;
  /** Aborts the tools that the page executes for the run. Resolves when they have ended. */
  abortTools(run: WatchedRun, graceMs: number): Promise<void>;
}
