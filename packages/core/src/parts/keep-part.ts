/** The parts that were made of an object, by key. */
const made = new WeakMap<object, Map<string, object>>();

function isSame<Made extends object>(known: object | undefined, part: Made): known is Made {
  if (known === undefined) return false;
  const fields = Object.entries(part);
  return (
    fields.length === Object.keys(known).length &&
    fields.every(([name, value]) => Object.is(Reflect.get(known, name), value))
  );
}

/**
 * Returns the part that was made of the same object before, if all fields are identical. So a part that has not changed
 * is the same object in each view.
 *
 * @param source An object of a view. Objects of views never change.
 */
export function keepPart<Made extends { readonly key: string }>(source: object, part: Made): Made {
  let parts = made.get(source);
  if (parts === undefined) made.set(source, (parts = new Map()));
  const known = parts.get(part.key);
  if (isSame(known, part)) return known;
  parts.set(part.key, part);
  return part;
}
