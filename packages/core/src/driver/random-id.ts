/** Random bits enough to be unique anywhere. Pages that are not served securely have no `randomUUID`, but have random values. */
export function randomId(): string {
  const { randomUUID }: Partial<Crypto> = crypto;
  // Each save has an id: in Node, bytes cost twenty times as much.
  if (randomUUID !== undefined) return randomUUID.call(crypto);
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
