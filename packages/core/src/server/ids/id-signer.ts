import { formatSignedId, isResponseId, parseSignedId, signedText } from './signed-id.ts';

/** A response id that is proven to be the principal's. */
export interface OwnedId {
  readonly responseId: string;
  readonly issuedAt: number;
}

export interface IdSigner {
  sign(responseId: string, principal: string, issuedAt: number): Promise<string>;
  /** Undefined for what is forged, another principal's, or issued more than `maxAgeMs` ago. */
  verify(token: string, principal: string, now: number): Promise<OwnedId | undefined>;
}

function importSecret(secret: string): Promise<CryptoKey> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  return crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'sign',
    'verify',
  ]);
}

/** Binds response ids to principals, without remembering any: the first secret signs, all of them verify. */
export function createIdSigner(secrets: readonly string[], maxAgeMs: number): IdSigner {
  const keys = secrets.map(importSecret);
  const [signingKey] = keys;

  return {
    async sign(responseId, principal, issuedAt) {
      if (signingKey === undefined) throw new RangeError('There is no secret to sign response ids with.');
      if (!isResponseId(responseId)) throw new RangeError('What came as a response id cannot be one.');
      const mac = await crypto.subtle.sign(
        'HMAC',
        await signingKey,
        signedText(principal, issuedAt, responseId),
      );
      return formatSignedId({ issuedAt, mac: new Uint8Array(mac), responseId });
    },

    async verify(token, principal, now) {
      const parsed = parseSignedId(token);
      if (parsed === undefined) return undefined;
      const { issuedAt, mac, responseId } = parsed;
      const text = signedText(principal, issuedAt, responseId);
      for (const key of keys) {
        // Web Crypto compares in constant time; comparing bytes here would tell a forger how far they are.
        if (await crypto.subtle.verify('HMAC', await key, mac, text)) {
          return now - issuedAt <= maxAgeMs ? { responseId, issuedAt } : undefined;
        }
      }
      return undefined;
    },
  };
}
