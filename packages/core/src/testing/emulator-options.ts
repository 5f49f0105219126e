import type { Clock } from '../clock/clock.ts';
import type { Script } from './script/script.ts';

export interface EmulatorOptions {
  /** What the model answers. */
  readonly script: Script;
  /** @default the machine's clock */
  readonly clock?: Clock;
  /** Milliseconds in `queued` of a background response whose leg does not say. @default 20 */
  readonly queuedMs?: number;
  /** Milliseconds in `in_progress` of a response whose leg does not say. @default 80 */
  readonly runMs?: number;
  /** Starts the random numbers that ids are made of: the same seed gives the same ids. @default 1 */
  readonly seed?: number;
  /** What a background create with `store: false` gets. @default 'ephemeral' */
  readonly backgroundUnstored?: 'reject' | 'ephemeral' | 'stored';
  /** `store` of a create that does not say. @default true */
  readonly storeDefault?: boolean;
  /** How long an unstored background response can be retrieved after its end. @default 600_000 */
  readonly retentionMs?: number;
}
