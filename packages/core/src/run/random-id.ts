/** Returns a globally unique id. Pages on insecure origins have no `randomUUID`, but have `getRandomValues`. */
export function randomId(): string {
  const { randomUUID }: Partial<Crypto> = crypto;
  // `randomUUID` is preferred because each save needs an id, and in Node random values cost fifteen times as much.
  const id = randomUUID?.call(crypto) ?? crypto.getRandomValues(new Uint32Array(4)).join('-');
  // Node's id is a tree of a dozen short strings, which use 450 bytes. In lower case, it is one string.
  return id.toLowerCase();
}
