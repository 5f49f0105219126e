import { toBase64Url } from '../ids/base64url.ts';

/** SHA-256 as base64url: for storage keys without personal data or separators, and to compare bodies. */
export async function digest(...parts: readonly string[]): Promise<string> {
  const text = parts.map((part) => `${part.length}:${part}`).join('\n');
  return toBase64Url(new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))));
}
