import type { Clock } from '../clock/clock.ts';
import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { Refusal } from './refusal.ts';

/** How the first create with a key went. */
export type FirstOutcome =
  /** Answered in full: the same bytes answer again. */
  | {
      readonly state: 'answered';
      readonly status: number;
      readonly contentType: string;
      readonly body: string;
    }
  /** A background stream: its first events, and the number after which the API can go on. */
  | {
      readonly state: 'streaming';
      readonly responseId: string;
      readonly name: string;
      readonly head: string;
      readonly after: number | undefined;
    }
  /** Too large to keep, or a stream that cannot be had again. */
  | { readonly state: 'gone' }
  /** The connection broke: there may be a job. */
  | { readonly state: 'unknown' };

type Entry = { readonly bodyHash: string; readonly outcome?: FirstOutcome };

/** The right to create under a key: held by the first, until it says how that went. */
export interface Claim {
  settle(outcome: FirstOutcome): Promise<void>;
  /** Nothing was created: the next one may try. */
  release(): Promise<void>;
}

export type ClaimResult =
  | { readonly kind: 'first'; readonly claim: Claim }
  | { readonly kind: 'seen'; readonly outcome: FirstOutcome };

export interface Idempotency {
  /** Waits for a first create that is still under way. Throws a `Refusal` where the bodies differ. */
  claim(owner: string, key: string, body: string, signal: AbortSignal): Promise<ClaimResult>;
}

export interface IdempotencyOptions {
  readonly storage: ProxyStorage;
  readonly clock: Clock;
  /** How long an outcome is kept. */
  readonly idempotencyMs: number;
  /** After this a create under way counts as lost with its process. */
  readonly pendingMs: number;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
const patienceMs = 30_000;

function readEntry(text: string): Entry {
  const entry: Entry = JSON.parse(text);
  return entry;
}

/** The first create with a key makes a response; all others of the same principal are answered with it. */
export function createIdempotency({
  storage,
  clock,
  idempotencyMs,
  pendingMs,
}: IdempotencyOptions): Idempotency {
  return {
    async claim(owner, key, body, signal) {
      if (!/^[\x20-\x7e]{1,255}$/.test(key)) {
        throw new Refusal(
          400,
          'invalid_idempotency_key',
          'Idempotency-Key has to be 1 to 255 printable ASCII characters.',
        );
      }
      const name = `longhaul-idempotency:${await digest(owner, key)}`;
      const bodyHash = await digest(body);
      const deadline = clock.now() + patienceMs;
      for (let pause = firstPauseMs; ; pause = Math.min(pause * 2, longestPauseMs)) {
        const pending: Entry = { bodyHash };
        if (await storage.add(name, JSON.stringify(pending), pendingMs)) {
          return {
            kind: 'first',
            claim: {
              settle: (outcome) =>
                storage.set(name, JSON.stringify({ bodyHash, outcome } satisfies Entry), idempotencyMs),
              release: () => storage.delete(name),
            },
          };
        }
        const text = await storage.get(name);
        // It went between the two: the place is free.
        if (text === undefined) continue;
        const entry = readEntry(text);
        if (entry.bodyHash !== bodyHash) {
          throw new Refusal(
            422,
            'idempotency_key_reused',
            'This Idempotency-Key was used with another body.',
          );
        }
        if (entry.outcome !== undefined) return { kind: 'seen', outcome: entry.outcome };
        if (clock.now() >= deadline || signal.aborted) {
          throw new Refusal(
            409,
            'idempotency_key_in_use',
            'The first request with this Idempotency-Key is still under way.',
            {
              headers: { 'retry-after': '1' },
            },
          );
        }
        await clock.sleep(pause, signal);
      }
    },
  };
}
