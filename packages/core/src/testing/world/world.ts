import type { Clock } from '../../clock/clock.ts';
import type { Item } from '../../wire/items.ts';
import { isReference } from './conversation.ts';
import { otherId } from './other-id.ts';
import { endedAt, isGeneration } from './status-of.ts';
import type { StoredResponse } from './stored-response.ts';

/** The number of creates between two removals of expired responses. */
const sweepEvery = 512;

export interface WorldOptions {
  readonly clock: Clock;
  /** How long an unstored background response can be retrieved after its end, in milliseconds. */
  readonly ephemeralMs: number;
  /** How long a stored response can be retrieved after its create, in milliseconds. */
  readonly storedMs: number;
}

/** The items that a response adds to its conversation. A cancelled response adds none. */
function outputOf({ cancelled, output }: StoredResponse): readonly Item[] {
  return cancelled === null ? output : [];
}

/**
 * All responses of one emulator. Determines which responses can be retrieved, and which conversation each one
 * continues.
 */
export class World {
  readonly #options: WorldOptions;
  readonly #responses = new Map<string, StoredResponse>();
  /** The id of the response that produced each output item. */
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

  /** A response that can be retrieved now; undefined if it is unknown, deleted, expired or never retrievable. */
  find(id: string): StoredResponse | undefined {
    const response = this.#responses.get(id);
    if (response === undefined || response.deleted || response.retention === 'none') return undefined;
    return this.#expired(response) ? undefined : response;
  }

  /** The response to which a create can chain by this id. A gateway may have replaced the first id by a second one. */
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

  /** The response that produced an item. It may have expired or been deleted. Undefined after its removal. */
  ownerOf(itemId: string): StoredResponse | undefined {
    const owner = this.#itemOwners.get(itemId);
    return owner === undefined ? undefined : this.#responses.get(owner);
  }

  /** Replaces the references among the items by the items that they refer to, if those are known. */
  resolved(items: readonly Item[]): readonly Item[] {
    return items.map((item) => {
      if (!isReference(item) || item.id === undefined) return item;
      return this.ownerOf(item.id)?.output.find((made) => made.id === item.id) ?? item;
    });
  }

  /** The record of a response, even if the response cannot be retrieved. */
  record(id: string): StoredResponse | undefined {
    return this.#responses.get(id);
  }

  all(): Iterable<StoredResponse> {
    return this.#responses.values();
  }

  /** The conversation up to and including a response's output, oldest first. */
  conversationOf(response: StoredResponse): readonly Item[] {
    return [...this.contextOf(response), ...outputOf(response)];
  }

  /** The model's input for a response: the conversation before it and its own input. */
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

  /** The number of responses that started and did not fail. */
  get generations(): number {
    const now = this.#options.clock.now();
    let count = this.#retiredGenerations;
    for (const response of this.#responses.values()) if (isGeneration(response, now)) count += 1;
    return count;
  }

  /**
   * Calls `listener` when the response changes for a reason other than time: a cancel, a held or released queue, a
   * restored snapshot.
   */
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
    this.#createsSinceSweep = 0;
    this.#retiredGenerations = contents.retiredGenerations;
    for (const response of contents.responses) this.add(response);
    for (const id of this.#watchers.keys()) this.changed(id);
  }

  #expired(response: StoredResponse): boolean {
    const now = this.#options.clock.now();
    if (response.retention !== 'ephemeral') return now >= response.createdAt + this.#options.storedMs;
    const end = endedAt(response, now);
    return end !== undefined && now >= end + this.#options.ephemeralMs;
  }

  /** Removes expired responses, so that a long-lived emulator needs less memory. */
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
