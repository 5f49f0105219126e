/**
 * The kinds of stored entries. A `record` is the first create with an `Idempotency-Key`, with its outcome as soon as
 * there is one. An `answer` is the answer to that create, and can be large. `kept` counts the characters of an owner's
 * stored answers. `place` is one of an owner's places for running responses, and `running` names the place of a response.
 */
export type StorageKind = 'kept' | 'place' | 'running' | 'record' | 'answer';

/**
 * Returns the key of an entry: its kind, the hash of its owner (for `running`, of the response id), and the parts that
 * distinguish it from the owner's other entries.
 */
export function storageKey(kind: StorageKind, owner: string, ...rest: readonly string[]): string {
  return [`longhaul-${kind}`, owner, ...rest].join(':');
}

/** Returns the kind and owner of a record or an answer; undefined for every other key. */
export function recordOf(
  key: string,
): { readonly kind: 'record' | 'answer'; readonly owner: string } | undefined {
  const [, kind, owner] = /^longhaul-(record|answer):([^:]*)/.exec(key) ?? [];
  return owner === undefined ? undefined : { kind: kind === 'answer' ? kind : 'record', owner };
}
