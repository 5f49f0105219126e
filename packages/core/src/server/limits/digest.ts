import { toBase64Url } from '../ids/base64url.ts';

/**
 * Returns the SHA-256 as base64url. It is used to compare bodies, and for storage keys without personal data or
 * separators.
 */
export async function digest(...parts: readonly string[]): Promise<string> {
  const text = parts.map((part) => `${part.length}:${part}`).join('\n');
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
