import type { IdSigner } from './id-signer.ts';

/**
 * How one exchange's responses are called at the client. An id the client came with keeps the name it came with:
 * a poll that answered with another name than the create would look like another response.
 */
export interface IdNames {
  nameOf(responseId: string): Promise<string>;
  /** A text of the API's with the ids that are named here replaced, and others taken out. */
  inText(text: string): string;
}

/** `issuedAt` dates new names. When a response was looked up it is the name's own date, so that looking does not prolong. */
export function createIdNames(
  signer: IdSigner,
  owner: string,
  issuedAt: number,
  known: Iterable<readonly [responseId: string, name: string]>,
): IdNames {
  const names = new Map(known);
  return {
    async nameOf(responseId) {
      const name = names.get(responseId) ?? (await signer.sign(responseId, owner, issuedAt));
      names.set(responseId, name);
      return name;
    },
    inText(text) {
      const spelled = [...names.values()];
      // A name starts like an id: what is already one stays.
      const named = [...names].reduce(
        (clean, [id, name]) => (name.includes(id) ? clean : clean.replaceAll(id, name)),
        text,
      );
      return named.replace(/\bresp_[\w-]+/g, (id) => (spelled.includes(id) ? id : '[another response]'));
    },
  };
}
