import type { Item } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import type { World } from '../world/world.ts';

/** How encrypted content of the API begins; the one in `output_item.added` has no more than that, and is of no use. */
const encrypted = /^gAAAA.{2,}/;

const shown = 4;

function unverified({ id }: Item, content: string): ApiError {
  const which = id === undefined ? `${content.slice(0, shown)}...${content.slice(-shown)}` : `for item ${id}`;
  const why = id === undefined ? '' : ' Reason: Encrypted content could not be decrypted or parsed.';
  const message = `The encrypted content ${which} could not be verified.${why}`;
  return invalidRequest(message, null, 'invalid_encrypted_content');
}

/** Encrypted content that this server cannot have written. What a script made comes back as it was. */
export function encryptedContentError(input: readonly Item[], world: World): ApiError | undefined {
  for (const item of input) {
    const { id, type, encrypted_content: content } = item;
    if ((type !== 'reasoning' && type !== 'compaction') || typeof content !== 'string') continue;
    const made = id === undefined ? undefined : world.ownerOf(id)?.output.find((one) => one.id === id);
    if (!encrypted.test(content) && made?.['encrypted_content'] !== content) return unverified(item, content);
  }
  return undefined;
}
