/** Random bits enough to be unique anywhere. Pages that are not served securely have no `randomUUID`, but have random values. */
export function randomId(): string {
  const { randomUUID }: Partial<Crypto> = crypto;
  // Each save has an id: in Node, random values cost fifteen times as much.
  return randomUUID?.call(crypto) ?? crypto.getRandomValues(new Uint32Array(4)).join('-');
}
