import { createIdSigner } from './id-signer.ts';
import {
  asSecrets,
  month,
  ownerOf,
  type SignResponseIdOptions,
  type VerifyResponseIdOptions,
} from './response-id.ts';

/**
 * Returns the signed id of an item of a response that your server created. A browser may send the item back with this
 * id. An id that the API cannot have issued is returned unchanged.
 *
 * @example
 * const items = await Promise.all(response.output.map(async (item) => ({
 *   ...item,
 *   ...(item.id === undefined ? {} : { id: await signItemId(item.id, { secret, principal: user.id }) }),
 * })));
 */
export async function signItemId(
  itemId: string,
  { secret, principal, now = Date.now() }: SignResponseIdOptions,
): Promise<string> {
  return (await createIdSigner(asSecrets(secret), month).signItem(itemId, ownerOf(principal), now)) ?? itemId;
}

/**
 * Returns the API's id for a signed id from a browser; undefined if it is forged, expired or of another principal. For
 * a server that sends a conversation from a browser to the API without the proxy.
 */
export async function verifyItemId(
  name: string,
  { secret, principal, now = Date.now(), responseIdMs = month }: VerifyResponseIdOptions,
): Promise<string | undefined> {
  return createIdSigner(asSecrets(secret), responseIdMs).verifyItem(name, ownerOf(principal), now);
}
