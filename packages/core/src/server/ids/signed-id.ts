import { fromBase64Url, toBase64Url } from './base64url.ts';

/** What a signed id names. A signature for one kind is none for the other. */
export type IdKind = 'response' | 'item';

/**
 * An id of the API as the browser sees it: the id's prefix (`resp_`, `rs_`, …) and the base64url of
 * version (1 byte), seconds of issue (5 bytes), HMAC-SHA256 (32 bytes), the API's id (UTF-8).
 */
export interface SignedId {
  readonly issuedAt: number;
  readonly mac: Uint8Array<ArrayBuffer>;
  /** The API's. */
  readonly id: string;
}

const version = 1;
const timeBytes = 5;
const macBytes = 32;
const idStart = 1 + timeBytes + macBytes;

/** What an upstream may call a response or an item: printable ASCII, and no `.` or `..`, which a URL path would swallow. */
export function isSignable(id: string): boolean {
  return /^[\x21-\x7e]{1,512}$/.test(id) && !/^\.+$/.test(id);
}

/** The version's letters are capitals, so no base64url begins like a prefix. */
function prefixIn(text: string): string {
  return /^[a-z]{1,32}_/.exec(text)?.[0] ?? '';
}

/** How the name of an id begins. Items keep the API's prefixes, which clients know kinds of items by. */
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
 * Takes a signed id apart, without judging its signature. Undefined for every text that `formatSignedId` does not write:
 * an id has one valid form, so that two texts never name one response.
 */
export function parseSignedId(kind: IdKind, token: string): SignedId | undefined {
  const bytes = fromBase64Url(token.slice(prefixIn(token).length));
  if (bytes === undefined || bytes.length <= idStart || bytes[0] !== version) return undefined;
  const view = new DataView(bytes.buffer);
  // Without `ignoreBOM` the decoder drops the bytes of a BOM, and the signature would fit what is left.
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
 * What the signature covers. The lengths come first: without them one principal's id could end where another's
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
