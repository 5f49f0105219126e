/**
 * What the proxy remembers. A `record` says how the first create with an `Idempotency-Key` went, an `answer` is what it
 * was answered with, and as large as that; all others are a few characters each.
 */
export type StorageKind = 'requests' | 'kept' | 'place' | 'running' | 'record' | 'answer';

/** The key of an entry: its kind, whose it is (hashed), and what tells it from others of theirs. */
export function storageKey(kind: StorageKind, owner: string, ...rest: readonly string[]): string {
  return [`longhaul-${kind}`, owner, ...rest].join(':');
}

/** Whose record, or whose answer, a key names; undefined for every other key. */
export function recordOf(
  key: string,
): { readonly kind: 'record' | 'answer'; readonly owner: string } | undefined {
  const [, kind, owner] = /^longhaul-(record|answer):([^:]*)/.exec(key) ?? [];
  return owner === undefined ? undefined : { kind: kind === 'answer' ? kind : 'record', owner };
}
