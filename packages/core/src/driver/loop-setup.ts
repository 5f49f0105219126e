import type { Agent } from '../agent/define-agent.ts';
import type { ResponsesClient } from '../client/responses-client.ts';
import type { Clock } from '../clock/clock.ts';
import type { SteadyTime } from '../clock/steady-time.ts';
import type { StoredItem } from '../engine/stored-item.ts';
import type { RunEventBody } from '../engine/view/run-event.ts';
import type { EventHold } from './event-hold.ts';
import type { LonghaulError } from '../errors/longhaul-error.ts';
import type { RunStore } from '../store/run-store.ts';

/** The argument of a polling function. */
export interface PollingContext {
  readonly runId: string;
  readonly responseId: string;
  readonly responseStatus: string;
  /** GETs of this response so far. */
  readonly polls: number;
  /** Milliseconds since the response was created. */
  readonly waitedMs: number;
}

/** The ports that a loop uses, and the settings that are not rules of the engine. */
export interface LoopPorts {
  readonly client: ResponsesClient;
  readonly store: RunStore;
  readonly clock: Clock;
  /** Measures durations. */
  readonly time: SteadyTime;
  readonly random: () => number;
  /** The user's function that returns the delays between polls. */
  readonly pollingFunction: ((context: PollingContext) => number) | undefined;
  readonly streamIdleMs: number;
  readonly toolTimeoutMs: number | undefined;
}

/** Receives the events of a loop, and provides the agent and its context. */
export interface LoopHost {
  readonly agent: Agent;
  readonly context: unknown;
  /** Loads the items before those that the loop was created with. Empty if it was created with all. */
  earlierItems(): Promise<readonly StoredItem[]>;
  /** Publishes an event of a step that does not save, or of an effect. */
  emit(event: RunEventBody, at: number): void;
  /** Reserves the numbers of the events of a step that saves. */
  hold(count: number): EventHold;
  /** Called when all events of a step were emitted; for consecutive batches of a stream, only after the last batch. */
  stepped(): void;
  /** Driving stopped before the run ended. */
  halted(error: LonghaulError): void;
}
