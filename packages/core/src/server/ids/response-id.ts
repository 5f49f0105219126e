import { ConfigurationError } from '../../errors/configuration-error.ts';
import { createIdSigner } from './id-signer.ts';
import { type Principal, principalId } from '../principal.ts';

export interface SignResponseIdOptions {
  /** The proxy's `secret`. */
  readonly secret: string | readonly string[];
  /** The owner of the response: the principal that `authorize` returns for the requests of its user. */
  readonly principal: Principal;
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

export interface VerifyResponseIdOptions extends SignResponseIdOptions {
  /** The proxy's `limits.responseIdMs`. Default: 30 days. */
  readonly responseIdMs?: number;
}

/** How long OpenAI stores responses, in milliseconds. */
export const month: number = 30 * 24 * 3_600_000;

export function ownerOf(principal: Principal): string {
  const owner = principalId(principal);
  if (owner === undefined)
    throw new ConfigurationError('`principal` has no valid id.', { option: 'principal' });
  return owner;
}

export function asSecrets(secret: string | readonly string[]): readonly string[] {
  return typeof secret === 'string' ? [secret] : secret;
}

/**
 * Returns the signed id of a response that your server created or received the id of. With it, a browser may retrieve
 * the response from the proxy. Later calls return other signed ids for the same response. To find the owner of a
 * webhook's response, verify the id that the browser sent, and compare the API's ids.
 *
 * @example
 * const name = await signResponseId('resp_01b4…', { secret, principal: user.id });
 */
export async function signResponseId(
  responseId: string,
  { secret, principal, now = Date.now() }: SignResponseIdOptions,
): Promise<string> {
  return createIdSigner(asSecrets(secret), month).sign(responseId, ownerOf(principal), now);
}

/**
 * Returns the API's id for a signed id from a browser; undefined if it is forged, expired or of another principal.
 *
 * @example
 * const responseId = await verifyResponseId(body.responseId, { secret, principal: user.id });
 * await jobs.insert({ responseId, userId: user.id });       // for the webhook to find
 */
export async function verifyResponseId(
  name: string,
  { secret, principal, now = Date.now(), responseIdMs = month }: VerifyResponseIdOptions,
): Promise<string | undefined> {
  return (await createIdSigner(asSecrets(secret), responseIdMs).verify(name, ownerOf(principal), now))
    ?.responseId;
}
