import { fromBase64Url, toBase64Url } from './base64url.ts';

/** The kind of object that a signed id refers to. A signature for one kind is not valid for the other. */
export type IdKind = 'response' | 'item';

/**
 * An id of the API as the browser receives it. It has the API's prefix (`resp_`, `rs_`, …), followed by base64url of
 * four parts: version (1 byte), issue time in seconds (5 bytes), HMAC-SHA256 (32 bytes) and the API's id (UTF-8).
 */
export interface SignedId {
  readonly issuedAt: number;
  readonly mac: Uint8Array<ArrayBuffer>;
  /** The API's id. */
  readonly id: string;
}

const version = 1;
const timeBytes = 5;
const macBytes = 32;
const idStart = 1 + timeBytes + macBytes;

/** Whether an upstream's id can be signed: printable ASCII, and not `.` or `..`, which URL paths drop. */
export function isSignable(id: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(id) && !/^\.+$/.test(id);
}

/**
 * Returns the prefix of an id. The first character of the base64url is a capital letter, because of the version, so it
 * is never read as a prefix.
 */
function prefixIn(text: string): string {
  return /^[a-z]{1,32}_/.exec(text)?.[0] ?? '';
}

/** Returns the prefix of a signed id. Items keep the API's prefixes, from which clients derive the type of an item. */
function prefixOf(kind: IdKind, id: string): string {
  return kind === 'response' ? 'resp_' : prefixIn(id);
}

export function formatSignedId(kind: IdKind, { issuedAt, mac, id }: SignedId): string {
  const idBytes = new TextEncoder().encode(id);
  const bytes = new Uint8Array(idStart + idBytes.length);
  const view = new DataView(bytes.buffer);
  const seconds = Math.floor(issuedAt / 1000);
  view.setUint8(0, version);
  view.setUint8(1, Math.floor(seconds / 2 ** 32));
  view.setUint32(2, seconds % 2 ** 32);
  bytes.set(mac, 1 + timeBytes);
  bytes.set(idBytes, idStart);
  return prefixOf(kind, id) + toBase64Url(bytes);
}

/**
 * Parses a signed id, without checking its signature. Undefined for a text that `formatSignedId` does not write, so
 * that each signed id has only one valid spelling.
 */
export function parseSignedId(kind: IdKind, token: string): SignedId | undefined {
  const bytes = fromBase64Url(token.slice(prefixIn(token).length));
  if (bytes === undefined || bytes.length <= idStart || bytes[0] !== version) return undefined;
  const view = new DataView(bytes.buffer);
  // Without `ignoreBOM`, the decoder drops the bytes of a BOM, and the signature would match the remaining text.
  const id = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes.subarray(idStart));
  if (!isSignable(id)) return undefined;
  const parsed = {
    issuedAt: (view.getUint8(1) * 2 ** 32 + view.getUint32(2)) * 1000,
    mac: bytes.slice(1 + timeBytes, idStart),
    id,
  };
  return formatSignedId(kind, parsed) === token ? parsed : undefined;
}

/**
 * Returns the signed bytes. Each part is preceded by its length. Otherwise one principal's id could end where another's
 * response id begins, and both would have the same bytes.
 */
export function signedText(
  kind: IdKind,
  principal: string,
  issuedAt: number,
  id: string,
): Uint8Array<ArrayBuffer> {
  const parts = [principal, String(Math.floor(issuedAt / 1000)), id];
  const measured = parts.map((part) => `${part.length}:${part}`);
  return new TextEncoder().encode([`longhaul ${kind} id`, version, ...measured].join('\n'));
}
