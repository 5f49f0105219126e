import { StoreError } from '../../errors/store-error.ts';
import { isJsonObject } from '../../wire/json.ts';

/** JSON text in which the order of keys makes no difference: some databases do not keep it. */
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

/** @param what a sentence that names what must hold */
export function expectSame(what: string, actual: unknown, expected: unknown): void {
  const [got, wanted] = [canonical(actual), canonical(expected)];
  if (got !== wanted) throw new Error(`${what}\nexpected: ${shorten(wanted)}\nreceived: ${shorten(got)}`);
}

/** Fails unless `action` is refused with a `StoreError` of code `conflict`. */
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

/** Fails unless `action` is refused, with whatever error. */
export async function expectRefused(what: string, action: Promise<unknown>): Promise<void> {
  const outcome = await action.then(
    (value) => ({ value }),
    () => undefined,
  );
  if (outcome === undefined) return;
  throw new Error(`${what}\nexpected: an error\nreceived: ${shorten(canonical(outcome.value))}`);
}
