import { monotonicNow, type Clock } from '../../clock/clock.ts';
import { Refusal } from '../refusal.ts';
import { digest } from './digest.ts';
import type { ProxyStorage } from './proxy-storage.ts';
import { keyInUse } from './key-in-use.ts';
import { storageKey } from './storage-key.ts';

/** A stored answer. */
export interface KeptAnswer {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

/** The outcome of the first create with a key: the response, and the answer that the client received. */
export interface FirstOutcome {
  /** The API's id. */
  readonly responseId: string;
  /** The signed id that the client received. */
  readonly name: string;
  readonly background: boolean;
  /** Undefined for the stream of a background response, which the API can send again, and for an unstored answer. */
  readonly answer: KeptAnswer | undefined;
}

/** An exclusive claim on an idempotency key. The first request holds it until it records its outcome. */
export interface Claim {
  /** Prolongs the claim while the create is in flight. */
  renew(): Promise<void>;
  settle(outcome: FirstOutcome): Promise<void>;
  /** Releases the claim after a create without a known response. The next request with the key may create one. */
  release(): Promise<void>;
}

export type ClaimResult =
  | { readonly kind: 'first'; readonly claim: Claim }
  | { readonly kind: 'seen'; readonly outcome: FirstOutcome };

export interface ClaimRequest {
  readonly owner: string;
  readonly key: string;
  /** The part of the body that a repeated request must match. */
  readonly body: string;
  /** A create in flight counts as lost if its claim is not renewed within this time. */
  readonly pendingMs: number;
  /** The client's signal. Its abort ends the wait. */
  readonly signal: AbortSignal;
}

export interface Idempotency {
  /**
   * Waits for at most 30 s while the first create is in flight.
   *
   * @throws Refusal if the key is invalid or the bodies differ, `NoAnswer` if the first create is still in flight
   */
  claim(request: ClaimRequest): Promise<ClaimResult>;
}

interface Entry {
  /** The claim that wrote the entry. An expired claim must not change the entry of a later claim. */
  readonly holder: string;
  readonly bodyHash: string;
  readonly outcome?: Omit<FirstOutcome, 'answer'>;
}

/** The answer of an outcome. It has an entry of its own, so that a full storage can drop it and keep the key. */
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

/** Returns undefined if another claim of the key stored the answer. That claim has expired. */
function readKeptAnswer(text: string | undefined, claim: string): KeptAnswer | undefined {
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

/** Lets only the first create of a principal with a key start a response. Later creates with the key get its answer. */
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
      /** Whether this claim still holds the key. After it expires, another claim may hold it. */
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
          const answer = readKeptAnswer(await storage.get(answerName), entry.holder);
          return { kind: 'seen', outcome: { ...entry.outcome, answer } };
        }
        if (monotonicNow(clock) >= deadline) break;
        // If the entry expired between the two calls, the key is free and there is no need to wait.
        if (entry !== undefined) await clock.sleep(pause, signal);
      }
      throw keyInUse();
    },
  };
}
