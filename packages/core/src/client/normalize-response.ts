/** What is read of an HTTP answer. */
export interface NormalizedResponse {
  readonly status: number;
  readonly headers: Headers;
  /** The body, where it can be read in parts. */
  readonly body: ReadableStream<Uint8Array> | undefined;
  text(): Promise<string>;
}

function isWebStream(value: object): value is ReadableStream<Uint8Array> {
  return typeof Reflect.get(value, 'getReader') === 'function';
}

/** Node has it since version 20; Safari does not. */
function hasFrom(
  streams: object,
): streams is { from(chunks: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> } {
  return 'from' in streams;
}

function isIterable(value: object): value is AsyncIterable<Uint8Array> {
  return Symbol.asyncIterator in value;
}

/** An answer's body; none where a platform has a getter that throws instead: the answer is there, and has a text. */
function bodyOf(given: Response): unknown {
  try {
    return given.body;
  } catch {
    return undefined;
  }
}

/** A body as a stream of the web: node-fetch's are streams of Node. React Native's answers have none (react-native 37505). */
function streamOf(body: unknown): ReadableStream<Uint8Array> | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  if (isWebStream(body)) return body;
  // Where there is no `from`, the text is read at once.
  return isIterable(body) && hasFrom(ReadableStream) ? ReadableStream.from(body) : undefined;
}

/**
 * An answer of whichever `fetch`: of this realm, of another, or a plain object with `status`, `headers` and `text()`.
 *
 * @throws TypeError for what is no HTTP answer
 */
export function normalizeResponse(given: Response): NormalizedResponse {
  const { status, text }: { readonly status: unknown; text(this: Response): Promise<string> } = given;
  if (typeof status !== 'number') throw new TypeError('The client gave no HTTP answer: it has no status.');
  return {
    status,
    headers: headersOf(given.headers) ?? new Headers(),
    body: streamOf(bodyOf(given)),
    text: async () => text.call(given),
  };
}

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
