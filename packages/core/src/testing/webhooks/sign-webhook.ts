function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** The key of a secret. After `whsec_` the secret is base64; without the prefix, its characters are the key. */
function keyOf(secret: string): Uint8Array<ArrayBuffer> {
  const prefix = 'whsec_';
  return secret.startsWith(prefix) ? bytesOf(secret.slice(prefix.length)) : new TextEncoder().encode(secret);
}

/**
 * The `webhook-signature` of a delivery, per the Standard Webhooks specification: HMAC-SHA256 over id, time and body.
 */
export async function signWebhook(
  secret: string,
  id: string,
  timestamp: number,
  body: string,
): Promise<string> {
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', keyOf(secret), algorithm, false, ['sign']);
  const signed = await crypto.subtle.sign(
    'HMAC',
    key,
    new TextEncoder().encode(`${id}.${timestamp}.${body}`),
  );
  return `v1,${btoa(String.fromCharCode(...new Uint8Array(signed)))}`;
}
