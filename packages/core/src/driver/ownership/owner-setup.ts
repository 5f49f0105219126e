import { lastSeqOf } from '../../engine/event-number.ts';
import type { RunState } from '../../engine/run-state.ts';
import type { OwnershipAbilities } from '../../ownership/ownership.ts';
import type { RunHead } from '../../store/run-store.ts';
import type { ContextFunction } from '../context-function.ts';
import type { LoopPorts } from '../loop-setup.ts';
import { LateLive } from '../publication/late-live.ts';
import type { PublishedSave } from '../publication/live-publisher.ts';
import type { Publication } from '../publication/publication.ts';
import type { ShowView } from '../show-view.ts';
import type { Claims } from './claims.ts';
import type { QueueSide } from './queue-side.ts';

/** The parts of a runner that `RunOwner` needs. */
export interface OwnerSetup {
  readonly ports: LoopPorts;
  readonly claims: Claims;
  readonly queue: QueueSide | undefined;
  readonly show: ShowView;
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

/** The abilities of this process for a run. */
export function abilitiesOf({ ports, queue, context }: OwnerSetup, head: RunHead): OwnershipAbilities {
  return {
    queue: queue?.role ?? 'none',
    shared: ports.store.claim !== undefined,
    // A front executes no tools.
    asksContext: queue?.role !== 'front' && (context !== undefined || head.context !== undefined),
  };
}

/** The exchange of a run's unsaved events. The workers of a queue do not load the whole run, so they publish no view. */
export function liveOf(
  { ports, queue }: OwnerSetup,
  publication: Publication,
  runId: string,
  state: () => RunState,
): LateLive {
  const save = (): PublishedSave => ({ revision: state().revision, seq: lastSeqOf(state()) });
  return new LateLive(ports, publication, runId, save, queue?.role === 'worker');
}
