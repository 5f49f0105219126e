import type { Clock } from '../clock/clock.ts';
import type { EmulatorOptions } from './emulator-options.ts';
import type { FaultList } from './faults/fault-list.ts';
import type { Compactions } from './world/compactions.ts';
import type { Conversations } from './world/conversations.ts';
import type { Random } from './world/random.ts';
import type { World } from './world/world.ts';

/** The shared state that all routes use. */
export interface Emulation {
  readonly options: EmulatorOptions;
  readonly clock: Clock;
  readonly world: World;
  readonly conversations: Conversations;
  readonly compactions: Compactions;
  /**
   * Only for the ids of responses, conversations, items and calls, so that the number of polls does not change these
   * ids.
   */
  readonly random: Random;
  /** For other random values: request ids, webhook ids and padding. */
  readonly noise: Random;
  readonly faults: FaultList;
  /**
   * The open streams; aborting a controller cuts the connection of its stream. The map keeps the requests of the
   * streams, because a `Request` forwards the abort of its caller's signal only until it is garbage-collected.
   * Otherwise the emulator could miss a disconnect.
   */
  readonly connections: Map<AbortController, Request>;
  /** Settings that can change while the emulator runs. */
  readonly switches: Switches;
  /** Aborts the webhooks of the current responses, when a snapshot replaces the responses. */
  worldEnd: AbortController;
}

export interface Switches {
  /** Whether queued responses stay queued. */
  queueHeld: boolean;
  /** Responses created up to this time cannot be streamed again. */
  streamsExpiredUntil: number | null;
}
