/**
 * What the proxy remembers. A `record` is the first answer to an `Idempotency-Key`, and as large as that; all others are
 * a few characters each.
 */
export type StorageKind = 'requests' | 'kept' | 'place' | 'running' | 'record';

/** The key of an entry: its kind, whose it is (hashed), and what tells it from others of theirs. */
export function storageKey(kind: StorageKind, owner: string, ...rest: readonly string[]): string {
  return [`longhaul-${kind}`, owner, ...rest].join(':');
}

/** Whose record a key names; undefined for every other key. */
export function recordOwner(key: string): string | undefined {
  const [kind, owner] = key.split(':', 2);
  return kind === 'longhaul-record' ? owner : undefined;
}
