import { fromBase64Url, toBase64Url } from './base64url.ts';

/**
 * A response id as the browser sees it: `resp_` and the base64url of
 * version (1 byte), seconds of issue (5 bytes), HMAC-SHA256 (32 bytes), the upstream's id (UTF-8).
 */
export interface SignedId {
  readonly issuedAt: number;
  readonly mac: Uint8Array<ArrayBuffer>;
  readonly responseId: string;
}

const prefix = 'resp_';
const version = 1;
const timeBytes = 5;
const macBytes = 32;
const idStart = 1 + timeBytes + macBytes;

/** What an upstream may call a response: printable ASCII, and no `.` or `..`, which a URL path would swallow. */
export function isResponseId(id: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(id) && !/^\.+$/.test(id);
}

export function formatSignedId({ issuedAt, mac, responseId }: SignedId): string {
  const id = new TextEncoder().encode(responseId);
  const bytes = new Uint8Array(idStart + id.length);
  const view = new DataView(bytes.buffer);
  const seconds = Math.floor(issuedAt / 1000);
  view.setUint8(0, version);
  view.setUint8(1, Math.floor(seconds / 2 ** 32));
  view.setUint32(2, seconds % 2 ** 32);
  bytes.set(mac, 1 + timeBytes);
  bytes.set(id, idStart);
  return prefix + toBase64Url(bytes);
}

/**
 * Takes a signed id apart, without judging its signature. Undefined for every text that `formatSignedId` does not write:
 * an id has one valid form, so that two texts never name one response.
 */
export function parseSignedId(token: string): SignedId | undefined {
  if (!token.startsWith(prefix)) return undefined;
  const bytes = fromBase64Url(token.slice(prefix.length));
  if (bytes === undefined || bytes.length <= idStart || bytes[0] !== version) return undefined;
  const view = new DataView(bytes.buffer);
  // Without `ignoreBOM` the decoder drops the bytes of a BOM, and the signature would fit what is left.
  const responseId = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(idStart));
  if (!isResponseId(responseId)) return undefined;
  const parsed = {
    issuedAt: (view.getUint8(1) * 2 ** 32 + view.getUint32(2)) * 1000,
    mac: bytes.slice(1 + timeBytes, idStart),
    responseId,
  };
  return formatSignedId(parsed) === token ? parsed : undefined;
}

/**
 * What the signature covers. The lengths come first: without them one principal's id could end where another's
 * response id begins, and both would have the same bytes.
 */
export function signedText(principal: string, issuedAt: number, responseId: string): Uint8Array<ArrayBuffer> {
  const parts = [principal, String(Math.floor(issuedAt / 1000)), responseId];
  const measured = parts.map((part) => `${part.length}:${part}`);
  return new TextEncoder().encode(['longhaul response id', version, ...measured].join('\n'));
}
