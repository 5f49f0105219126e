/** The parts of an HTTP answer that are read. */
export interface NormalizedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body, if it can be read in parts. */
  readonly body: ReadableStream<Uint8Array> | undefined;
  text(): Promise<string>;
}

function isWebStream(value: object): value is ReadableStream<Uint8Array> {
  return typeof Reflect.get(value, 'getReader') === 'function';
}

/** Whether the platform has `ReadableStream.from`: Node since version 20, but not Safari. */
function hasFrom(
  streams: object,
): streams is { from(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> } {
  return 'from' in streams;
}

function isIterable(value: object): value is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in value;
}

/** An answer's body. Undefined if the platform's getter throws. The answer still has a text then. */
function bodyOf(given: Response): unknown {
  try {
    return given.body;
  } catch {
    return undefined;
  }
}

/** A body as a web stream. The bodies of node-fetch are Node streams. React Native has none (react-native 37505). */
function streamOf(body: unknown): ReadableStream<Uint8Array> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (isWebStream(body)) return body;
  // Without `from`, the caller reads the whole text instead.
  return isIterable(body) && hasFrom(ReadableStream) ? ReadableStream.from(body) : undefined;
}

/**
 * Reads the answer of any `fetch`: of this realm, of another, or a plain object with `status`, `headers` and `text()`.
 *
 * @throws TypeError if the value is not an HTTP answer
 */
export function normalizeResponse(given: Response): NormalizedResponse {
  const { status, text }: { readonly status: unknown; text(this: Response): Promise<string> } = given;
  if (typeof status !== 'number')
    throw new TypeError('The client did not return an HTTP answer: it has no status.');
  return {
    status,
    headers: headersOf(given.headers) ?? new Headers(),
    body: streamOf(bodyOf(given)),
    text: async () => text.call(given),
  };
}

/**
 * Converts the headers of any `fetch`: those of another realm or package (node-fetch, undici), a `Map` or a plain
 * record. Undefined if the value is not an object.
 */
export function headersOf(value: unknown): Headers | undefined {
  if (value instanceof Headers) return value;
  if (typeof value !== 'object' || value === null) return undefined;
  const headers = new Headers();
  const add = (given: unknown, name: unknown): void => {
    try {
      if (given !== undefined && given !== null) headers.append(String(name), String(given));
    } catch {
      // Not a valid name or value of a header, so no code reads it.
    }
  };
  const forEach: unknown = Reflect.get(value, 'forEach');
  if (typeof forEach === 'function') Reflect.apply(forEach, value, [add]);
  else for (const [name, given] of Object.entries(value)) add(given, name);
  return headers;
}
