const prefix = 'whsec_';
/** The length of an HMAC-SHA256, in bytes. */
const signatureLength = 32;

function bytesOfBase64(base64: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

/** The key of a secret. Undefined for invalid base64 after `whsec_`. */
export function keyOf(secret: string): Uint8Array<ArrayBuffer> | undefined {
  return secret.startsWith(prefix)
    ? bytesOfBase64(secret.slice(prefix.length))
    : new TextEncoder().encode(secret);
}

/** The HMAC-SHA256 keys of a webhook. They are imported at the first use. */
export type SigningKeys = () => Promise<readonly CryptoKey[]>;

export function signingKeys(keys: readonly Uint8Array<ArrayBuffer>[]): SigningKeys {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  let imported: Promise<readonly CryptoKey[]> | undefined;
  return () =>
    (imported ??= Promise.all(
      keys.map((key) => crypto.subtle.importKey('raw', key, algorithm, false, ['sign'])),
    ));
}

/** Compares all bytes, so that the time does not show how many of them are equal. */
function isSame(a: Uint8Array, b: Uint8Array): boolean {
  let difference = a.length ^ b.length;
  for (const [index, byte] of a.entries()) difference |= byte ^ (b[index] ?? 0);
  return difference === 0;
}

/** The signatures in a header. Each is `v1,` and base64, and they are separated by spaces. Invalid ones are left out. */
function signaturesIn(header: string): readonly Uint8Array[] {
  return header
    .split(' ')
    .map((one) => bytesOfBase64(one.startsWith('v1,') ? one.slice(3) : one))
    .filter((bytes) => bytes?.length === signatureLength)
    .flatMap((bytes) => bytes ?? []);
}

/**
 * Whether one of the signatures is the HMAC of id, time and body by one of the keys, as in the Standard Webhooks
 * specification. `header` must be short, because each signature in it is compared with each key's.
 */
export async function isSigned(
  keys: SigningKeys,
  { id, timestamp, header }: { readonly id: string; readonly timestamp: string; readonly header: string },
  body: Uint8Array,
): Promise<boolean> {
  const signatures = signaturesIn(header);
  if (signatures.length === 0) return false;
  const start = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(start.length + body.length);
  signed.set(start);
  signed.set(body, start.length);
  let isValid = false;
  for (const key of await keys()) {
    const expected = new Uint8Array(await crypto.subtle.sign('HMAC', key, signed));
    for (const signature of signatures) if (isSame(expected, signature)) isValid = true;
  }
  return isValid;
}
