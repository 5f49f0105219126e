import type { Clock } from '../../clock/clock.ts';
import { Refusal } from '../refusal.ts';
import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';

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
  /** Too large to keep. */
  | { readonly state: 'gone' };

/** The right to create under a key: held by the first, until it says how that went. */
export interface Claim {
  settle(outcome: FirstOutcome): Promise<void>;
  /** Nothing is known to have been created: the next one may try. */
  release(): Promise<void>;
}

export type ClaimResult =
  | { readonly kind: 'first'; readonly claim: Claim }
  | { readonly kind: 'seen'; readonly outcome: FirstOutcome };

export interface ClaimRequest {
  readonly owner: string;
  readonly key: string;
  readonly body: string;
  /** After this a create under way counts as lost with its process. */
  readonly pendingMs: number;
  /** The client's: nobody waits for one who left. */
  readonly signal: AbortSignal;
}

export interface Idempotency {
  /** Waits for a first create that is still under way. Throws a `Refusal` where the bodies differ. */
  claim(request: ClaimRequest): Promise<ClaimResult>;
}

interface Entry {
  readonly bodyHash: string;
  readonly outcome?: FirstOutcome;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
const patienceMs = 30_000;

function readEntry(text: string): Entry {
  const entry: Entry = JSON.parse(text);
  return entry;
}

function writeEntry(entry: Entry): string {
  return JSON.stringify(entry);
}

function checkKey(key: string): void {
  if (/^[\x20-\x7e]{1,255}$/.test(key)) return;
  throw new Refusal(
    400,
    'invalid_idempotency_key',
    'Idempotency-Key has to be 1 to 255 printable ASCII characters.',
  );
}

function keyReused(): Refusal {
  return new Refusal(422, 'idempotency_key_reused', 'This Idempotency-Key was used with another body.');
}

/** Not a 409, which clients take for final: the same request will be answered when the first one is. */
function keyInUse(): Refusal {
  const message = 'The first request with this Idempotency-Key is still under way.';
  return new Refusal(503, 'idempotency_key_in_use', message, { headers: { 'retry-after': '1' } });
}

/** The first create with a key makes a response; all others of the same principal are answered with it. */
export function createIdempotency(storage: ProxyStorage, clock: Clock, idempotencyMs: number): Idempotency {
  return {
    async claim({ owner, key, body, pendingMs, signal }) {
      checkKey(key);
      const name = `longhaul-idempotency:${await digest(owner, key)}`;
      const bodyHash = await digest(body);
      const claim: Claim = {
        settle: (outcome) => storage.set(name, writeEntry({ bodyHash, outcome }), idempotencyMs),
        release: () => storage.delete(name),
      };
      const deadline = clock.now() + patienceMs;
      for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
        if (await storage.add(name, writeEntry({ bodyHash }), pendingMs)) return { kind: 'first', claim };
        const text = await storage.get(name);
        const entry = text === undefined ? undefined : readEntry(text);
        if (entry !== undefined && entry.bodyHash !== bodyHash) throw keyReused();
        if (entry?.outcome !== undefined) return { kind: 'seen', outcome: entry.outcome };
        if (clock.now() >= deadline) break;
        // An entry that went between the two leaves the key free: no need to wait.
        if (entry !== undefined) await clock.sleep(pause, signal);
      }
      throw keyInUse();
    },
  };
}
