import type { Item } from '../../wire/items.ts';
import type { JsonObject } from '../../wire/json.ts';
import { endedAt, statusOf } from './status-of.ts';
import type { StoredResponse } from './stored-response.ts';
import type { World } from './world.ts';

/** A conversation, as plain JSON. */
export interface StoredConversation {
  readonly id: string;
  /** The chain prefix, which the ids of its items and responses share. */
  readonly chain: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  metadata: JsonObject;
  items: readonly Item[];
  /** Responses whose items are not added yet, in the order of their creates. */
  pending: readonly string[];
}

/** All conversations of one emulator. The items of a conversation's responses are added when it is read. */
export class Conversations {
  readonly #byId = new Map<string, StoredConversation>();
  readonly #world: World;
  readonly #now: () => number;

  constructor(world: World, now: () => number) {
    this.#world = world;
    this.#now = now;
  }

  add(conversation: StoredConversation): void {
    this.#byId.set(conversation.id, conversation);
  }

  delete(id: string): void {
    this.#byId.delete(id);
  }

  /** A conversation with the items of all responses that are completed or incomplete by now. */
  find(id: string): StoredConversation | undefined {
    const conversation = this.#byId.get(id);
    if (conversation !== undefined) this.#settle(conversation);
    return conversation;
  }

  contents(): readonly StoredConversation[] {
    return [...this.#byId.values()];
  }

  replace(conversations: readonly StoredConversation[]): void {
    this.#byId.clear();
    for (const conversation of conversations) this.add(conversation);
  }

  #settle(conversation: StoredConversation): void {
    const now = this.#now();
    const running: string[] = [];
    const taken: Item[] = [];
    for (const id of conversation.pending) {
      const response = this.#world.record(id);
      if (response === undefined) continue;
      if (endedAt(response, now) === undefined) running.push(id);
      else taken.push(...itemsOf(response, now));
    }
    conversation.pending = running;
    conversation.items = [...conversation.items, ...taken];
  }
}

/** The items that a response adds. A failed or cancelled response adds none. */
function itemsOf(response: StoredResponse, now: number): readonly Item[] {
  const status = statusOf(response, now);
  return status === 'completed' || status === 'incomplete' ? [...response.input, ...response.output] : [];
}
