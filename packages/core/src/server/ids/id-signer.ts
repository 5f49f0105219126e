import {
  formatSignedId,
  type IdKind,
  isSignable,
  parseSignedId,
  type SignedId,
  signedText,
} from './signed-id.ts';

/** A response id that is verified to be the principal's. */
export interface OwnedId {
  readonly responseId: string;
  readonly issuedAt: number;
  /** Index of the secret that signed it. The same secret signs the ids of its items. */
  readonly secret: number;
}

export interface IdSigner {
  sign(responseId: string, principal: string, issuedAt: number): Promise<string>;
  /** Undefined for an id that is forged, of another principal, or older than `maxAgeMs`. */
  verify(token: string, principal: string, now: number): Promise<OwnedId | undefined>;
  /** Undefined for an id that the API cannot have issued. It is not signed. */
  signItem(itemId: string, principal: string, issuedAt: number, secret?: number): Promise<string | undefined>;
  /** Returns the API's id of the item, by the rules of `verify`. */
  verifyItem(token: string, principal: string, now: number): Promise<string | undefined>;
}

function importSecret(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

/** Binds ids to principals, without storing them. The first secret signs ids of responses, and all secrets verify. */
export function createIdSigner(secrets: readonly string[], maxAgeMs: number): IdSigner {
  const keys = secrets.map(importSecret);

  async function sign(
    kind: IdKind,
    id: string,
    principal: string,
    issuedAt: number,
    secret: number,
  ): Promise<string> {
    const key = keys[secret];
    if (key === undefined) throw new RangeError('No secret is configured to sign ids with.');
    const mac = await crypto.subtle.sign('HMAC', await key, signedText(kind, principal, issuedAt, id));
    return formatSignedId(kind, { issuedAt, mac: new Uint8Array(mac), id });
  }

  async function verify(
    kind: IdKind,
    token: string,
    principal: string,
    now: number,
  ): Promise<(SignedId & { readonly secret: number }) | undefined> {
    const parsed = parseSignedId(kind, token);
    if (parsed === undefined || now - parsed.issuedAt > maxAgeMs) return undefined;
    const text = signedText(kind, principal, parsed.issuedAt, parsed.id);
    for (const [secret, key] of keys.entries()) {
      // Web Crypto compares in constant time. A comparison of bytes would reveal the number of matching bytes to a
      // forger.
      if (await crypto.subtle.verify('HMAC', await key, parsed.mac, text)) return { ...parsed, secret };
    }
    return undefined;
  }

  return {
    async sign(responseId, principal, issuedAt) {
      if (!isSignable(responseId)) throw new RangeError('The upstream response has an invalid id.');
      return sign('response', responseId, principal, issuedAt, 0);
    },
    async verify(token, principal, now) {
      const owned = await verify('response', token, principal, now);
      return owned && { responseId: owned.id, issuedAt: owned.issuedAt, secret: owned.secret };
    },
    async signItem(itemId, principal, issuedAt, secret = 0) {
      return isSignable(itemId) ? sign('item', itemId, principal, issuedAt, secret) : undefined;
    },
    async verifyItem(token, principal, now) {
      return (await verify('item', token, principal, now))?.id;
    },
  };
}
