import type { Clock } from '../../clock/clock.ts';
import { monotonicNow } from '../../clock/elapsed.ts';
import { Refusal } from '../refusal.ts';
import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { keyInUse } from './key-in-use.ts';
import { storageKey } from './storage-key.ts';

/** The bytes of an answer that was kept. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** How the first create with a key went: which response it made, and what it was answered with. */
export interface FirstOutcome {
  /** The API's id. */
  readonly responseId: string;
  /** The id's name at the client. */
  readonly name: string;
  readonly background: boolean;
  /** Undefined for a stream that the API can give again, and for what was too large to keep. */
  readonly answer: KeptAnswer | undefined;
}

/** The right to create under a key: held by the first, until it says how that went. */
export interface Claim {
  /** Holds the key on, for a create that is still under way. */
  renew(): Promise<void>;
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
  /** What has to be the same in a repeat. */
  readonly body: string;
  /** After this without a renewal a create under way counts as lost with its process. */
  readonly pendingMs: number;
  /** The client's: once it has left, the wait ends. */
  readonly signal: AbortSignal;
}

export interface Idempotency {
  /** Waits for a first create that is still under way. Throws a `Refusal` where the bodies differ. */
  claim(request: ClaimRequest): Promise<ClaimResult>;
}

interface Entry {
  /** Which claim wrote it: one that ran out must not touch its successor's. */
  readonly holder: string;
  readonly bodyHash: string;
  readonly outcome?: Omit<FirstOutcome, 'answer'>;
}

/** The answer of an outcome, an entry of its own: where the storage makes room for others, it goes, and the key stays. */
interface AnswerEntry {
  readonly holder: string;
  readonly answer: KeptAnswer;
}

const firstPauseMs = 50;
const longestPauseMs = 1_000;
const patienceMs = 30_000;

function readEntry(text: string | undefined): Entry | undefined {
  if (text === undefined) return undefined;
  const entry: Entry = JSON.parse(text);
  return entry;
}

/** Undefined for the answer to another claim of the key: one that had run out. */
function readAnswer(text: string | undefined, claim: string): KeptAnswer | undefined {
  if (text === undefined) return undefined;
  const { holder, answer }: AnswerEntry = JSON.parse(text);
  return holder === claim ? answer : undefined;
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

/** The first create with a key makes a response; all others of the same principal are answered with it. */
export function createIdempotency(storage: ProxyStorage, clock: Clock, idempotencyMs: number): Idempotency {
  return {
    async claim({ owner, key, body, pendingMs, signal }) {
      checkKey(key);
      const whose = [await digest(owner), await digest(key)] as const;
      const name = storageKey('record', ...whose);
      const answerName = storageKey('answer', ...whose);
      const bodyHash = await digest(body);
      const holder = crypto.randomUUID();
      const pending = JSON.stringify({ holder, bodyHash } satisfies Entry);
      /** A claim that ran out may have a successor, who holds the key now. */
      const isHeld = async (): Promise<boolean> => readEntry(await storage.get(name))?.holder === holder;
      const claim: Claim = {
        async renew() {
          if (await storage.add(name, pending, pendingMs)) return;
          if (await isHeld()) await storage.set(name, pending, pendingMs);
        },
        async settle({ answer, ...outcome }) {
          const before = readEntry(await storage.get(name));
          if (before !== undefined && before.holder !== holder) return;
          if (answer !== undefined) {
            const kept = JSON.stringify({ holder, answer } satisfies AnswerEntry);
            await storage.set(answerName, kept, idempotencyMs);
          }
          const settled = JSON.stringify({ holder, bodyHash, outcome } satisfies Entry);
          if (await storage.add(name, settled, idempotencyMs)) return;
          if (await isHeld()) await storage.set(name, settled, idempotencyMs);
        },
        async release() {
          if (await isHeld()) await storage.delete(name);
        },
      };
      const deadline = monotonicNow(clock) + patienceMs;
      for (let pause = firstPauseMs; !signal.aborted; pause = Math.min(pause * 2, longestPauseMs)) {
        if (await storage.add(name, pending, pendingMs)) return { kind: 'first', claim };
        const entry = readEntry(await storage.get(name));
        if (entry !== undefined && entry.bodyHash !== bodyHash) throw keyReused();
        if (entry?.outcome !== undefined) {
          const answer = readAnswer(await storage.get(answerName), entry.holder);
          return { kind: 'seen', outcome: { ...entry.outcome, answer } };
        }
        if (monotonicNow(clock) >= deadline) break;
        // An entry that went between the two leaves the key free: no need to wait.
        if (entry !== undefined) await clock.sleep(pause, signal);
      }
      throw keyInUse();
    },
  };
}
