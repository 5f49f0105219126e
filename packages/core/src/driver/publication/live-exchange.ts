import type { Clock } from '../../clock/clock.ts';
import type { SteadyTime } from '../../clock/steady-time.ts';
import type { RunStore } from '../../store/run-store.ts';
import { LiveFollower } from './live-follower.ts';
import { LiveMessages } from './live-messages.ts';
import { LivePublisher, type PublishedSave } from './live-publisher.ts';
import type { LivePublication } from './live-publication.ts';

export interface LivePorts {
  readonly store: RunStore;
  readonly clock: Clock;
  readonly time: SteadyTime;
}

/** Exchanges the unsaved events of one run with other processes. A process either publishes or follows. */
export class LiveExchange {
  readonly publisher: LivePublisher;
  readonly follower: LiveFollower;

  /** `sinceSave`: see `LivePublisher`. */
  constructor(
    ports: LivePorts,
    publication: LivePublication,
    runId: string,
    save: () => PublishedSave,
    sinceSave: boolean,
  ) {
    const messages = new LiveMessages(ports.store, runId);
    this.publisher = new LivePublisher(ports, publication, messages, save, sinceSave);
    this.follower = new LiveFollower(ports.clock, publication, messages);
  }

  /** Publishes nothing, and ignores published events, until the next hello. */
  end(): void {
    this.publisher.end();
    this.follower.end();
  }
}
