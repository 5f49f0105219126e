/** The values that were made of an object, by name. */
const kept = new WeakMap<object, Map<string, object>>();

/**
 * Returns the value that was made of an object before, if its fields or entries are identical to those of a new value.
 * Otherwise returns the new value, and keeps it.
 *
 * @param source An object of a view. Objects of views never change.
 * @param name Distinguishes the values of one object.
 */
export function keep<Value extends object>(source: object, name: string, value: Value): Value {
  let values = kept.get(source);
  if (values === undefined) kept.set(source, (values = new Map()));
  const known = values.get(name);
  if (isSame(known, value)) return known;
  values.set(name, value);
  return value;
}

function isSame<Value extends object>(known: object | undefined, value: Value): known is Value {
  if (known === undefined) return false;
  const names = Object.keys(value);
  return (
    names.length === Object.keys(known).length &&
    names.every((name) => Reflect.get(known, name) === Reflect.get(value, name))
  );
}

/** Returns a function that makes a value of an object once. */
export function memo<Value>(): (source: object, make: () => Value) => Value {
  const made = new WeakMap<object, { readonly value: Value }>();
  return (source, make) => {
    let known = made.get(source);
    if (known === undefined) made.set(source, (known = { value: make() }));
    return known.value;
  };
}
