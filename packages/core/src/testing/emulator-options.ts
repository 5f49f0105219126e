import type { Clock } from '../clock/clock.ts';
import type { Fault } from './faults/fault.ts';
import type { Script } from './script/script.ts';
import type { CancelStream } from './stream/event-log.ts';
import type { WebhookOptions } from './webhooks/webhook-options.ts';

/**
 * Options of the emulator. Behaviour of the real API that no recording shows has an option, whose default is the more
 * likely behaviour.
 */
export interface EmulatorOptions {
  /** The answers of the model. */
  readonly script: Script;
  /** @default the system clock */
  readonly clock?: Clock;
  /** The initial faults; `emulator.inject` adds more. @default [] */
  readonly faults?: readonly Fault[];
  /** How long a background response stays `queued`, in milliseconds, unless its iteration sets it. @default 20 */
  readonly queuedMs?: number;
  /** How long a response stays `in_progress`, in milliseconds, unless its iteration sets it. @default 80 */
  readonly runMs?: number;
  /** Seeds the random numbers in ids. The same seed produces the same ids. @default 1 */
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
   * How to handle a background create with `store: false`. @default 'ephemeral': removed `retentionMs` after its end
   */
  readonly backgroundUnstored?: 'reject' | 'ephemeral' | 'stored';
  /** Stores no response beyond `retentionMs`, and refuses `previous_response_id`. @default false */
  readonly zeroDataRetention?: boolean;
  /** How long an unstored background response can be retrieved after its end, in milliseconds. @default 600_000 */
  readonly retentionMs?: number;
  /** How long after the create its stream can be reopened, in milliseconds. @default 300_000 */
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
  /** The answers that have `x-ratelimit-*` headers. @default 'foreground': JSON creates without `background` */
  readonly rateLimitHeaders?: 'foreground' | 'creates' | 'none';
  /** Sends `openai-poll-after-ms` with every response that is not terminal. @default not sent */
  readonly pollAfterMs?: number;
  /** Sends a webhook when a background response becomes terminal. @default no webhooks */
  readonly webhooks?: WebhookOptions;
  /** How many of the latest requests `emulator.requests` keeps. @default Infinity */
  readonly keepRequests?: number;
}
