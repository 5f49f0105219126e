import type { Clock } from '../../clock/clock.ts';
import type { Item } from '../../wire/items.ts';
import { isReference } from './conversation.ts';
import { otherId } from './other-id.ts';
import { endedAt, isGeneration } from './status-of.ts';
import type { StoredResponse } from './stored-response.ts';

/** Creates between two sweeps of what has expired. */
const sweepEvery = 512;

export interface WorldOptions {
  readonly clock: Clock;
  /** How long a response that is not stored can be retrieved after its end. */
  readonly ephemeralMs: number;
  /** How long a stored response lives. */
  readonly storedMs: number;
}

/** What a response adds to its conversation: a cancelled one shows no output, and leaves none. */
function outputOf({ cancelled, output }: StoredResponse): readonly Item[] {
  return cancelled === null ? output : [];
}

/** Every response of one emulator, who may still see it, and how conversations hang together. */
export class World {
  readonly #options: WorldOptions;
  readonly #responses = new Map<string, StoredResponse>();
  /** Which response an output item came from. */
  readonly #itemOwners = new Map<string, string>();
  readonly #byKey = new Map<string, string>();
  readonly #watchers = new Map<string, Set<() => void>>();
  #retiredGenerations = 0;
  #createsSinceSweep = 0;

  constructor(options: WorldOptions) {
    this.#options = options;
  }

  add(response: StoredResponse): void {
    this.#createsSinceSweep += 1;
    if (this.#createsSinceSweep >= sweepEvery) this.#sweep();
    this.#responses.set(response.id, response);
    if (response.idempotencyKey !== null) this.#byKey.set(response.idempotencyKey, response.id);
    for (const item of response.output) if (item.id !== undefined) this.#itemOwners.set(item.id, response.id);
  }

  byIdempotencyKey(key: string): StoredResponse | undefined {
    return this.find(this.#byKey.get(key) ?? '');
  }

  /** A response as its owner can see it now: undefined when unknown, deleted, expired or never retrievable. */
  find(id: string): StoredResponse | undefined {
    const response = this.#responses.get(id);
    if (response === undefined || response.deleted || response.retention === 'none') return undefined;
    return this.#expired(response) ? undefined : response;
  }

  /** The response that this id can be chained to: a gateway may have given it a second id, in place of the first. */
  chainable(id: string): StoredResponse | undefined {
    const response = this.find(id);
    const second = this.find(otherId(id));
    if (response !== undefined) {
      const { chain = 'both' } = response.oddities.secondId ?? {};
      return chain === 'both' || chain === 'first' ? response : undefined;
    }
    const { chain = 'none' } = second?.oddities.secondId ?? {};
    return chain === 'both' || chain === 'other' ? second : undefined;
  }

  /** The response that made an item, also one that cannot be retrieved any more. */
  ownerOf(itemId: string): StoredResponse | undefined {
    const owner = this.#itemOwners.get(itemId);
    return owner === undefined ? undefined : this.#responses.get(owner);
  }

  /** Items with the references among them replaced by what they refer to, as far as it is known. */
  resolved(items: readonly Item[]): readonly Item[] {
    return items.map((item) => {
      if (!isReference(item) || item.id === undefined) return item;
      return this.ownerOf(item.id)?.output.find((made) => made.id === item.id) ?? item;
    });
  }

  /** The record of a response, whether or not it can be retrieved. */
  record(id: string): StoredResponse | undefined {
    return this.#responses.get(id);
  }

  all(): Iterable<StoredResponse> {
    return this.#responses.values();
  }

  /** The conversation up to and with a response's output, oldest first. */
  conversationOf(response: StoredResponse): readonly Item[] {
    return [...this.contextOf(response), ...outputOf(response)];
  }

  /** What a response was made from: the conversation before it, and its own input. */
  contextOf(response: StoredResponse): readonly Item[] {
    const parts: (readonly Item[])[] = [response.input];
    for (let { previousId } = response; previousId !== null; ) {
      const link = this.#responses.get(previousId);
      if (link === undefined) break;
      parts.unshift(link.input, outputOf(link));
      ({ previousId } = link);
    }
    return parts.flat();
  }

  /** How many responses the model has produced so far. */
  get generations(): number {
    const now = this.#options.clock.now();
    let count = this.#retiredGenerations;
    for (const response of this.#responses.values()) if (isGeneration(response, now)) count += 1;
    return count;
  }

  /** Calls `listener` when the response changes otherwise than by time: cancel, a held queue, a cut connection. */
  watch(id: string, listener: () => void): () => void {
    const watchers = this.#watchers.get(id) ?? new Set();
    this.#watchers.set(id, watchers.add(listener));
    return () => {
      watchers.delete(listener);
      if (watchers.size === 0 && this.#watchers.get(id) === watchers) this.#watchers.delete(id);
    };
  }

  changed(id: string): void {
    for (const listener of this.#watchers.get(id) ?? []) listener();
  }

  /** The records, for a snapshot. */
  contents(): { readonly responses: readonly StoredResponse[]; readonly retiredGenerations: number } {
    return { responses: [...this.#responses.values()], retiredGenerations: this.#retiredGenerations };
  }

  replace(contents: {
    readonly responses: readonly StoredResponse[];
    readonly retiredGenerations: number;
  }): void {
    this.#responses.clear();
    this.#itemOwners.clear();
    this.#byKey.clear();
    for (const response of contents.responses) this.add(response);
    this.#retiredGenerations = contents.retiredGenerations;
    for (const id of this.#watchers.keys()) this.changed(id);
  }

  #expired(response: StoredResponse): boolean {
    const now = this.#options.clock.now();
    if (response.retention !== 'ephemeral') return now >= response.createdAt + this.#options.storedMs;
    const end = endedAt(response, now);
    return end !== undefined && now >= end + this.#options.ephemeralMs;
  }

  /** Forgets what nobody can retrieve any more, so that a long-lived emulator does not grow for ever. */
  #sweep(): void {
    this.#createsSinceSweep = 0;
    const now = this.#options.clock.now();
    for (const response of this.#responses.values()) {
      if (response.retention === 'none' || !this.#expired(response)) continue;
      if (isGeneration(response, now)) this.#retiredGenerations += 1;
      this.#responses.delete(response.id);
      if (response.idempotencyKey !== null) this.#byKey.delete(response.idempotencyKey);
      for (const item of response.output) if (item.id !== undefined) this.#itemOwners.delete(item.id);
    }
  }
}
