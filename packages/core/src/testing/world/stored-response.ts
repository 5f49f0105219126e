import type { Item, OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';

/** How a response ends if nobody cancels it. */
export type Outcome =
  | { readonly status: 'completed' }
  | { readonly status: 'incomplete'; readonly reason: string }
  | {
      readonly status: 'failed';
      readonly code: string;
      readonly message: string;
      /** What `error.misalignment` says. */
      readonly misalignment?: JsonObject;
    };

/** Oddities that faults gave this response when it was created. */
export interface Oddities {
  /** Shown instead of `in_progress`. */
  readonly unknownStatus?: string;
  /** The terminal stream event is called `response.done`. */
  readonly doneEvent?: boolean;
  /** Type of an event that no client knows, put into the log twice. */
  readonly unknownEvent?: string;
  /** Form of the `error` event before `response.failed`. */
  readonly errorEvent?: 'flat' | 'nested';
  /** Streams end after the `error` event, without `response.failed`. */
  readonly endAfterError?: boolean;
  /** Closing the create's stream so soon leaves the job queued for ever. */
  readonly queuedForeverWithinMs?: number;
  /** GETs answer 404 for so long after the create. */
  readonly hiddenForMs?: number;
  /** Where `output` is shown empty, whatever was produced. */
  readonly emptyOutput?: 'terminal' | 'retrieve' | 'both';
  /** Streamed items have other ids than the output. */
  readonly otherItemIds?: boolean;
  /** The `status` in the terminal event's snapshot; null: there is none. */
  readonly terminalStatus?: string | null;
  /** A second id (`otherId`): where it is shown, and which of both ids can be chained to. */
  readonly secondId?: {
    readonly in: 'stream' | 'terminal' | 'retrieve';
    readonly chain: 'both' | 'first' | 'other' | 'none';
  };
  /** A foreground create that answers while it runs, and can be polled. */
  readonly answersAtOnce?: boolean;
}

/**
 * One response of the emulator's world: plain JSON. Its state at any time follows from its times (`statusOf`),
 * its stream from its output (`eventLog`), so nothing runs while nobody looks, and a snapshot is these records.
 */
export interface StoredResponse {
  readonly id: string;
  readonly chain: string;
  /** Milliseconds since the epoch, like every time here. */
  readonly createdAt: number;
  /** The create's body, whose parameters the response echoes. */
  readonly body: JsonObject;
  readonly model: string;
  readonly background: boolean;
  readonly store: boolean;
  /** Created with `stream: true`: only then can it be streamed later. */
  readonly streamed: boolean;
  /** `none`: never retrievable. `ephemeral`: gone some time after its end. */
  readonly retention: 'stored' | 'ephemeral' | 'none';
  readonly iterationIndex: number;
  readonly previousId: string | null;
  readonly idempotencyKey: string | null;
  /** This create's own input, with ids. */
  readonly input: readonly Item[];
  readonly output: readonly OutputItem[];
  readonly outcome: Outcome;
  readonly usage: JsonObject;
  readonly deltaSize: number | null;
  /** The tier that served it, where that is not the one asked for. */
  readonly serviceTier?: string;
  readonly oddities: Oddities;
  /** When the model begins; null: never. */
  startsAt: number | null;
  /** When the response is terminal; null: never. */
  endsAt: number | null;
  /** Milliseconds of queue and of run that are left, while the queue is held; null in them: for ever. */
  held: { readonly queueMs: number | null; readonly runMs: number | null } | null;
  /** A cancel that took effect. `events`: length of the event log at that time. */
  cancelled: {
    readonly at: number;
    readonly events: number;
    readonly started: boolean;
    usageShown: boolean;
  } | null;
  deleted: boolean;
}
