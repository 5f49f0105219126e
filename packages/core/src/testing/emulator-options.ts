import type { Clock } from '../clock/clock.ts';
import type { Fault } from './faults/fault.ts';
import type { Script } from './script/script.ts';
import type { CancelStream } from './stream/event-log.ts';
import type { WebhookOptions } from './webhooks/webhook-options.ts';

/**
 * Options of the emulator. Some options select between behaviours, because no recording shows which of them the real
 * API has. The default is then the most likely behaviour.
 */
export interface EmulatorOptions {
  /** The answers of the model. */
  readonly script: Script;
  /** @default the system clock */
  readonly clock?: Clock;
  /** The initial faults; `emulator.inject` adds more. @default [] */
  readonly faults?: readonly Fault[];
  /**
   * How long a background response stays `queued`, in milliseconds, unless its iteration or its `completion_window`
   * sets it. @default 20
   */
  readonly queuedMs?: number;
  /** How long a response stays `in_progress`, in milliseconds, unless its iteration sets it. @default 80 */
  readonly runMs?: number;
  /** Seeds the random parts of ids. The same seed and requests produce the same random parts. @default 1 */
  readonly seed?: number;
  /**
   * The key that requests must have, as `Authorization: Bearer …` or `api-key`. @default none: accepts every request
   */
  readonly apiKey?: string;
  /**
   * The models that exist, and the dated name that each resolves to. @default every model exists, under its own name
   */
  readonly models?: { readonly [model: string]: string };
  /** The value of `store` for a create that does not set it. @default true */
  readonly storeDefault?: boolean;
  /**
   * How to handle a background create with `store: false`. @default 'ephemeral': the response is removed `retentionMs`
   * after its end
   */
  readonly backgroundUnstored?: 'reject' | 'ephemeral' | 'stored';
  /** Handles every create as if it had `store: false`, and refuses `previous_response_id`. @default false */
  readonly zeroDataRetention?: boolean;
  /** How long an unstored background response can be retrieved after its end, in milliseconds. @default 600_000 */
  readonly retentionMs?: number;
  /** How long after its create a background response can be streamed again, in milliseconds. @default 300_000 */
  readonly streamWindowMs?: number;
  /** How a live stream ends when its response is cancelled. @default 'failed-event' */
  readonly cancelStream?: CancelStream;
  /**
   * How to answer a request to stream a background response that was created without `stream`. @default 'reject': 400
   */
  readonly streamOfPolled?: 'reject' | 'serve' | 'block';
  /**
   * How to answer a create that chains to a response that is still running. @default 'not-found': 400; 'conflict' is
   * 409
   */
  readonly chainToRunning?: 'not-found' | 'conflict';
  /** How to answer a delete of a background response that is still running. @default 'reject': 400 */
  readonly deleteInFlight?: 'reject' | 'accept';
  /**
   * Whether a create with a known `Idempotency-Key` returns the response of the first create. @default false, as at
   * OpenAI
   */
  readonly idempotencyKeys?: boolean;
  /**
   * The successful JSON answers that have `x-ratelimit-*` headers. @default 'foreground': those to compactions and to
   * creates without `background`
   */
  readonly rateLimitHeaders?: 'foreground' | 'creates' | 'none';
  /** Sends `openai-poll-after-ms` with every JSON answer whose response is not terminal. @default not sent */
  readonly pollAfterMs?: number;
  /** Sends a webhook when a background response becomes terminal. @default no webhooks */
  readonly webhooks?: WebhookOptions;
  /** How many of the latest requests `emulator.requests` keeps. @default Infinity */
  readonly keepRequests?: number;
}
