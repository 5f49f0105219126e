/**
 * Returns a function that makes a value of an object once for each name. Objects of views never change, so the value of
 * an unchanged object is the same one, and components do not render again.
 */
export function keepBy<Source extends object, Value>(
  make: (source: Source, name: string) => Value,
): (source: Source, name: string) => Value {
  const kept = new WeakMap<Source, { readonly name: string; readonly value: Value }>();
  return (source, name) => {
    const known = kept.get(source);
    if (known?.name === name) return known.value;
    const value = make(source, name);
    kept.set(source, { name, value });
    return value;
  };
}
