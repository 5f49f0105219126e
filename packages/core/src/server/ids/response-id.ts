import { ConfigurationError } from '../../errors/configuration-error.ts';
import { createIdSigner } from './id-signer.ts';
import { type Principal, principalId } from '../principal.ts';

export interface SignResponseIdOptions {
  /** The proxy's `secret`. */
  readonly secret: string | readonly string[];
  /** Whose response it is: what `authorize` returns for them. */
  readonly principal: Principal;
  /** Milliseconds since the epoch. Default: now. */
  readonly now?: number;
}

export interface VerifyResponseIdOptions extends SignResponseIdOptions {
  /** The proxy's `limits.responseIdMs`. Default: 30 days. */
  readonly responseIdMs?: number;
}

/** How long OpenAI stores responses. */
export const month: number = 30 * 24 * 3_600_000;

export function ownerOf(principal: Principal): string {
  const owner = principalId(principal);
  if (owner === undefined) throw new ConfigurationError('`principal` has no id.', { option: 'principal' });
  return owner;
}

export function asSecrets(secret: string | readonly string[]): readonly string[] {
  return typeof secret === 'string' ? [secret] : secret;
}

/**
 * The name under which a browser may ask the proxy for a response that your server created, or learned of.
 * Each call gives another name for the same response: to find out whose a webhook's response is, verify what the
 * browser sent, and compare the ids.
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
 * The API's id of a response that a browser knows by its signed name; undefined for what is forged, expired or
 * another principal's.
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
