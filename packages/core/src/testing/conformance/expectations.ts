import { StoreError } from '../../errors/store-error.ts';
import { isJsonObject } from '../../wire/json.ts';

/** JSON text with sorted keys, because some databases do not keep their order. */
function canonical(value: unknown): string {
  return (
    JSON.stringify(value, (_key, part: unknown) =>
      isJsonObject(part)
        ? Object.fromEntries(Object.entries(part).toSorted(([a], [b]) => (a < b ? -1 : 1)))
        : part,
    ) ?? 'undefined'
  );
}

function shorten(text: string): string {
  return text.length > 500 ? `${text.slice(0, 500)}… (${text.length} characters)` : text;
}

/** @param what Names the compared value. */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new Error(`${what}\nexpected: ${shorten(wanted)}\nreceived: ${shorten(got)}`);
}

/** Fails unless `action` rejects with a `StoreError` of code `conflict`. */
export async function expectConflict(what: string, action: Promise<unknown>): Promise<void> {
  const outcome = await action.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  if (StoreError.isInstance(outcome) && outcome.code === 'conflict') return;
  throw new Error(`${what}\nexpected: a StoreError with code conflict\nreceived: ${String(outcome)}`, {
    cause: outcome,
  });
}

/** Fails unless `action` rejects with any error. */
export async function expectRefused(what: string, action: Promise<unknown>): Promise<void> {
  const outcome = await action.then(
    (value) => ({ value }),
    () => undefined,
  );
  if (outcome === undefined) return;
  throw new Error(`${what}\nexpected: an error\nreceived: ${shorten(canonical(outcome.value))}`);
}
