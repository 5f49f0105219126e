import type { IdSigner } from './id-signer.ts';

/**
 * The signed ids of the responses and items in one exchange. An id in the client's request keeps its signed id. If a
 * poll and the create returned different ids, the client would treat them as two responses.
 */
export interface IdNames {
  nameOf(responseId: string): Promise<string>;
  /** The same item always gets the same signed id, because clients match the events of a stream by this id. */
  itemNameOf(itemId: string): Promise<string>;
  /** Replaces the ids that this exchange knows in a text of the API, and removes the ids of other responses. */
  inText(text: string): string;
}

export interface KnownItems {
  /** The signed ids in the client's request, by the API's ids. */
  readonly items?: Iterable<readonly [itemId: string, name: string]>;
  /**
   * Index of the secret that signs the ids of items. It is the secret of their response's signed id, so that all these
   * ids are valid for the same time.
   */
  readonly secret?: number;
}

/**
 * `issuedAt` is the issue time of new signed ids. If the client requested a response, it is the issue time of that
 * response's signed id. So polling does not extend the validity of the id, and the items get the same signed ids as in
 * the answer to the create.
 */
export function createIdNames(
  signer: IdSigner,
  owner: string,
  issuedAt: number,
  known: Iterable<readonly [responseId: string, name: string]>,
  { items = [], secret = 0 }: KnownItems = {},
): IdNames {
  const names = new Map(known);
  const itemNames = new Map(items);
  return {
    async nameOf(responseId) {
      const name = names.get(responseId) ?? (await signer.sign(responseId, owner, issuedAt));
      names.set(responseId, name);
      return name;
    },
    async itemNameOf(itemId) {
      const given = itemNames.get(itemId);
      if (given !== undefined) return given;
      const name = await signer.signItem(itemId, owner, issuedAt, secret);
      itemNames.set(itemId, name ?? itemId);
      return name ?? itemId;
    },
    inText(text) {
      const spelled = [...names.values()];
      const withItems = text.replace(/[\w-]+/g, (word) => itemNames.get(word) ?? word);
      // A signed id starts like an API id. An id that is already signed stays unchanged.
      const named = [...names].reduce(
        (clean, [id, name]) => (name.includes(id) ? clean : clean.replaceAll(id, name)),
        withItems,
      );
      return named.replace(/\bresp_[\w-]+/g, (id) => (spelled.includes(id) ? id : '[another response]'));
    },
  };
}
