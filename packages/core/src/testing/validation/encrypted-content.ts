import type { Item } from '../../wire/items.ts';
import { invalidRequest, type ApiError } from '../http/api-error.ts';
import type { World } from '../world/world.ts';

/**
 * Matches encrypted content of the API. The content in `output_item.added` has only the prefix and cannot be decrypted.
 */
const encrypted = /^gAAAA.{2,}/;

const shown = 4;

function unverified({ id }: Item, content: string): ApiError {
  const which = id === undefined ? `${content.slice(0, shown)}...${content.slice(-shown)}` : `for item ${id}`;
  const why = id === undefined ? '' : ' Reason: Encrypted content could not be decrypted or parsed.';
  const message = `The encrypted content ${which} could not be verified.${why}`;
  return invalidRequest(message, null, 'invalid_encrypted_content');
}

/** The error for encrypted content that does not have the API's form. Unchanged content from a script is accepted. */
export function encryptedContentError(input: readonly Item[], world: World): ApiError | undefined {
  for (const item of input) {
    const { id, type, encrypted_content: content } = item;
    if ((type !== 'reasoning' && type !== 'compaction') || typeof content !== 'string') continue;
    const made = id === undefined ? undefined : world.ownerOf(id)?.output.find((one) => one.id === id);
    if (!encrypted.test(content) && made?.['encrypted_content'] !== content) return unverified(item, content);
  }
  return undefined;
}
