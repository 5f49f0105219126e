import type { Clock } from '../clock/clock.ts';
import type { Fault } from './faults/fault.ts';
import type { Script } from './script/script.ts';
import type { CancelStream } from './stream/event-log.ts';
import type { WebhookOptions } from './webhooks/webhook-options.ts';

/** Behaviour of the real API that no recording settles has an option each; its default is the likelier one. */
export interface EmulatorOptions {
  /** What the model answers. */
  readonly script: Script;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Troubles from the start; `emulator.inject` adds more. @default [] */
  readonly faults?: readonly Fault[];
  /** Milliseconds in `queued` of a background response whose iteration does not say. @default 20 */
  readonly queuedMs?: number;
  /** Milliseconds in `in_progress` of a response whose iteration does not say. @default 80 */
  readonly runMs?: number;
  /** Starts the random numbers that ids are made of: the same seed gives the same ids. @default 1 */
  readonly seed?: number;
  /**
   * The key that requests must carry, as `Authorization: Bearer …` or `api-key`. @default none: every request is let in
   */
  readonly apiKey?: string;
  /**
   * The models that exist, and the dated name that each resolves to. @default every model exists, under its own name
   */
  readonly models?: { readonly [model: string]: string };
  /** `store` of a create that does not say. @default true */
  readonly storeDefault?: boolean;
  /** What a background create with `store: false` gets. @default 'ephemeral': gone `retentionMs` after its end */
  readonly backgroundUnstored?: 'reject' | 'ephemeral' | 'stored';
  /** Nothing is stored for longer than that, and `previous_response_id` is refused. @default false */
  readonly zeroDataRetention?: boolean;
  /** Milliseconds that an unstored background response can be retrieved after its end. @default 600_000 */
  readonly retentionMs?: number;
  /** Milliseconds after the create in which its stream can be opened again. @default 300_000 */
  readonly streamWindowMs?: number;
  /** How a live stream ends when its response is cancelled. @default 'failed-event' */
  readonly cancelStream?: CancelStream;
  /** Streaming a background response that was created without `stream`. @default 'reject': 400 */
  readonly streamOfPolled?: 'reject' | 'serve' | 'block';
  /** Chaining to a response that still runs. @default 'not-found': 400; 'conflict' is 409 */
  readonly chainToRunning?: 'not-found' | 'conflict';
  /** Deleting a background response that still runs. @default 'reject': 400 */
  readonly deleteInFlight?: 'reject' | 'accept';
  /**
   * A create with an `Idempotency-Key` seen before is answered with the first one's response. @default false, as at
   * OpenAI
   */
  readonly idempotencyKeys?: boolean;
  /** Which answers carry `x-ratelimit-*`. @default 'foreground': JSON creates that are not background ones */
  readonly rateLimitHeaders?: 'foreground' | 'creates' | 'none';
  /** Sends `openai-poll-after-ms` with every answer that is not terminal. @default not sent */
  readonly pollAfterMs?: number;
  /** Tells a receiver when background responses are terminal. @default nobody is told */
  readonly webhooks?: WebhookOptions;
  /** How many requests `emulator.requests` holds, the latest ones. @default Infinity */
  readonly keepRequests?: number;
}
