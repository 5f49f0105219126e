/** 128 random bits. Pages that are not served securely have no `crypto.randomUUID`, but have random values. */
export function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
