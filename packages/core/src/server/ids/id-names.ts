import type { IdSigner } from './id-signer.ts';

/**
 * How one exchange's responses, and their items, are called at the client. An id the client came with keeps the name it
 * came with: a poll that answered with another name than the create would look like another response.
 */
export interface IdNames {
  nameOf(responseId: string): Promise<string>;
  /** The same id gets the same name throughout: events of a stream belong together by it. */
  itemNameOf(itemId: string): Promise<string>;
  /** A text of the API's with the ids that are named here replaced, and others of responses taken out. */
  inText(text: string): string;
}

export interface KnownItems {
  /** Names that the client came with, by the API's ids. */
  readonly items?: Iterable<readonly [itemId: string, name: string]>;
  /** Which secret signs items: that of their response's name, which they are good as long as. */
  readonly secret?: number;
}

/**
 * `issuedAt` dates new names. When a response was looked up it is the name's own date, so that looking does not prolong,
 * and its items are called as they were in the answer to their create.
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
      // A name starts like an id: what is already one stays.
      const named = [...names].reduce(
        (clean, [id, name]) => (name.includes(id) ? clean : clean.replaceAll(id, name)),
        withItems,
      );
      return named.replace(/\bresp_[\w-]+/g, (id) => (spelled.includes(id) ? id : '[another response]'));
    },
  };
}
