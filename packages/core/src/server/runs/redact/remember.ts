import type { Redaction } from './redaction.ts';

/** The run whose parts are redacted, and how. */
export interface Scope {
  readonly redaction: Redaction;
  readonly runId: string;
}

/**
 * Remembers the result for each object, so that an object that is redacted again costs little and its result keeps its
 * identity. Objects of views and events never change.
 */
export function remember<Value extends object, Result>(
  make: (value: Value, scope: Scope) => Result,
): (value: Value, scope: Scope) => Result {
  const known = new WeakMap<Redaction, WeakMap<Value, { readonly runId: string; readonly result: Result }>>();
  return (value, scope) => {
    const { redaction, runId } = scope;
    let results = known.get(redaction);
    if (results === undefined) known.set(redaction, (results = new WeakMap()));
    const last = results.get(value);
    // Response ids have other names in another run.
    if (last !== undefined && last.runId === runId) return last.result;
    const result = make(value, scope);
    results.set(value, { runId, result });
    return result;
  };
}

/** A list with the result for each entry. The same list if no entry changes. */
export function rememberList<Value extends object>(
  make: (value: Value, scope: Scope) => Value,
): (list: readonly Value[], scope: Scope) => readonly Value[] {
  return remember((list: readonly Value[], scope) => {
    const made = list.map((value) => make(value, scope));
    return made.every((value, index) => value === list[index]) ? list : made;
  });
}
