import { awaitsPerson } from '../../engine/run-status.ts';
import type { RunFacts } from '../../ownership/ownership.ts';
import type { RunLoop } from '../loop/run-loop.ts';
import type { ParkResult, QueueSide } from './queue-side.ts';
import { factsOf } from './run-facts.ts';
import type { RunRecord } from './run-record.ts';

/** Decides whether a run waits long enough to be parked, and parks it. */
export class Parking {
  readonly #queue: QueueSide | undefined;
  readonly #record: RunRecord;

  constructor(queue: QueueSide | undefined, record: RunRecord) {
    this.#queue = queue;
    this.#record = record;
  }

  /** The facts of the run as a loop has it. */
  factsOf(loop: RunLoop): RunFacts {
    return factsOf(loop, this.#queue?.role === 'worker' ? loop.now() + this.#queue.parkAfterMs : undefined);
  }

  /** Only in a worker. Retried while the store is unavailable. */
  async park(loop: RunLoop): Promise<ParkResult> {
    const queue = this.#queue;
    if (queue?.role !== 'worker') return 'lost';
    const { state } = loop;
    const waitMs = awaitsPerson(state) || state.wakeAt === null ? null : state.wakeAt - loop.now();
    return this.#record.retry(() => queue.park(state.runId, state.revision, waitMs));
  }
}
