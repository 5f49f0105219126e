import type { Clock } from '../clock/clock.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import type { FaultList } from './faults/fault-list.ts';
import type { Compactions } from './world/compactions.ts';
import type { Conversations } from './world/conversations.ts';
import type { Random } from './world/random.ts';
import type { World } from './world/world.ts';

/** What the routes work on. */
export interface Emulation {
  readonly options: EmulatorOptions;
  readonly clock: Clock;
  readonly world: World;
  readonly conversations: Conversations;
  readonly compactions: Compactions;
  /** For ids of responses, items and calls alone: how often somebody polls must not change them. */
  readonly random: Random;
  /** For what nobody compares: request ids, padding. */
  readonly noise: Random;
  readonly faults: FaultList;
  /**
   * Streams that are open; aborting one cuts its connection. Their requests are held, because a `Request` passes the
   * abort of its caller's signal on only as long as it lives: once collected, nobody would notice who goes away.
   */
  readonly connections: Map<AbortController, Request>;
  /** What is set from outside while it runs. */
  readonly switches: Switches;
  /** Ends what goes on by itself for the responses of this world. */
  worldEnd: AbortController;
}

export interface Switches {
  /** No queued response begins. */
  queueHeld: boolean;
  /** Responses created until then cannot be streamed again. */
  streamsExpiredUntil: number | null;
}
