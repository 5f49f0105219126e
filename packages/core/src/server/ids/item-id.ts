import { createIdSigner } from './id-signer.ts';
import {
  asSecrets,
  month,
  ownerOf,
  type SignResponseIdOptions,
  type VerifyResponseIdOptions,
} from './response-id.ts';

/**
 * The name under which a browser may send back an item of a response that your server created. An id that cannot be one
 * of the API's is left as it is.
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
 * The API's id of an item that a browser knows by its signed name; undefined for what is forged, expired or another
 * principal's. For a server that sends a conversation from a browser to the API without the proxy.
 */
export async function verifyItemId(
  name: string,
  { secret, principal, now = Date.now(), responseIdMs = month }: VerifyResponseIdOptions,
): Promise<string | undefined> {
  return createIdSigner(asSecrets(secret), responseIdMs).verifyItem(name, ownerOf(principal), now);
}
