import type { Item, OutputItem } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';

/** How a response ends if it is not cancelled. */
export type Outcome =
  | { readonly status: 'completed' }
  | { readonly status: 'incomplete'; readonly reason: string }
  | {
      readonly status: 'failed';
      readonly code: string;
      readonly message: string;
      /** The value of `error.misalignment`. */
      readonly misalignment?: JsonObject;
    };

/** The effects of faults on this response, set when it was created. */
export interface Oddities {
  /** The status shown instead of `in_progress`. */
  readonly unknownStatus?: string;
  /** Whether the terminal stream event is named `response.done`. */
  readonly doneEvent?: boolean;
  /** The type of an event that no client knows; the log contains it twice. */
  readonly unknownEvent?: string;
  /** The form of the `error` event before `response.failed`. */
  readonly errorEvent?: 'flat' | 'nested';
  /** Whether streams end after the `error` event, without `response.failed`. */
  readonly endAfterError?: boolean;
  /** If the client closes the create's stream within this time, in milliseconds, the job stays queued permanently. */
  readonly queuedForeverWithinMs?: number;
  /** How long GET, cancel and delete get 404 after the create, in milliseconds. */
  readonly hiddenForMs?: number;
  /** The answers in which `output` is empty, regardless of the model's output. */
  readonly emptyOutput?: 'terminal' | 'retrieve' | 'both';
  /** Whether the ids of streamed items differ from those in the output. */
  readonly otherItemIds?: boolean;
  /** The `status` in the terminal event's snapshot; null removes it. */
  readonly terminalStatus?: string | null;
  /** A second id (`otherId`): the answers that show it, and the ids that a create can chain to. */
  readonly secondId?: {
    readonly in: 'stream' | 'terminal' | 'retrieve';
    readonly chain: 'both' | 'first' | 'other' | 'none';
  };
  /** Whether a foreground create is answered while the response runs. Such a response can be polled. */
  readonly answersAtOnce?: boolean;
}

/**
 * A response of the emulator, as plain JSON. Its state at any time follows from its times (`statusOf`), and its stream
 * from its output (`EventLog`). So responses need no timers, and a snapshot of them consists of these records.
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
  /**
   * Whether the create had `stream: true`. If not, `streamOfPolled` decides whether the response can be streamed later.
   */
  readonly streamed: boolean;
  /**
   * How long the response can be retrieved. `none`: never. `ephemeral`: until `ephemeralMs` after its end. `stored`:
   * until `storedMs` after its create.
   */
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
  /** The tier that the iteration sets, if it sets one. */
  readonly serviceTier?: string;
  readonly oddities: Oddities;
  /** When the model starts; null if never. */
  startsAt: number | null;
  /** When the response becomes terminal; null if never. */
  endsAt: number | null;
  /**
   * The remaining time in the queue and in the run, in milliseconds, while the queue is held; null if the response is
   * not held. A null time has no end.
   */
  held: { readonly queueMs: number | null; readonly runMs: number | null } | null;
  /** A cancel that took effect. `events` is the length of the event log at that time. */
  cancelled: {
    readonly at: number;
    readonly events: number;
    readonly started: boolean;
    usageShown: boolean;
  } | null;
  deleted: boolean;
}
