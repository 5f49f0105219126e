import type { OwnedId } from '../ids/id-signer.ts';
import type { Principal } from '../principal.ts';
import type { Exchange, ProxyParts } from './exchange.ts';
import { responseNotFound } from './response-not-found.ts';

/** A response that the client may use, and its signed id. */
export interface OwnedResponse extends OwnedId {
  readonly name: string;
}

/** @throws Refusal for an id that is not the client's */
export async function ownedResponse<P extends Principal>(
  { signer, config }: ProxyParts<P>,
  { owner }: Exchange<P>,
  name: string,
): Promise<OwnedResponse> {
  const owned = await signer.verify(name, owner, config.clock.now());
  if (owned === undefined) throw responseNotFound(name);
  return { ...owned, name };
}
