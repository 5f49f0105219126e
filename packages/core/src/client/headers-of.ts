/**
 * Headers, whatever a `fetch` has for them: those of another realm or package (node-fetch, undici), a `Map`, a plain
 * record. Undefined for what is no object.
 */
export function headersOf(value: unknown): Headers | undefined {
  if (value instanceof Headers) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const headers = new Headers();
  const add = (given: unknown, name: unknown): void => {
    try {
      if (given !== undefined && given !== null) headers.append(String(name), String(given));
    } catch {
      // A name or a value that no header can have: it is read by nothing.
    }
  };
  const forEach: unknown = Reflect.get(value, 'forEach');
  if (typeof forEach === 'function') Reflect.apply(forEach, value, [add]);
  else for (const [name, given] of Object.entries(value)) add(given, name);
  return headers;
}
