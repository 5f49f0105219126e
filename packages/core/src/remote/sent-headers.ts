export type SentHeaders = Readonly<Record<string, string>> | Headers;

/**
 * Reads the headers of a page's requests. `Headers` would send `undefined` as a text.
 *
 * @throws TypeError for a header that cannot be sent. The message does not contain its value, which may be a secret.
 */
export function readHeaders(given: SentHeaders | undefined): Headers {
  const headers = new Headers();
  // `Headers` of another realm, or of a package, are iterable too.
  const entries: Iterable<readonly [string, unknown]> =
    given !== undefined && isIterable(given) ? given : Object.entries(given ?? {});
  for (const [name, value] of entries) {
    if (typeof value !== 'string') throw new TypeError(`the header "${name}" must be a string`);
    try {
      headers.set(name, value);
    } catch {
      throw new TypeError(`the header "${name}" has a name or a value that HTTP does not allow`);
    }
  }
  return headers;
}

function isIterable(given: SentHeaders): given is Headers {
  return Symbol.iterator in given;
}
