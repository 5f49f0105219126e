import type { Clock } from '../../clock/clock.ts';
import { Refusal } from '../refusal.ts';

export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyTimeoutMs: number;
}

function tooLarge(limit: number): Refusal {
  return new Refusal(
    413,
    'request_too_large',
    `The body is larger than ${limit} bytes, the limit of this server.`,
  );
}

/**
 * Accepts only plain JSON. Pages of other origins can send other content types without a preflight, and an encoded body
 * could exceed the limit when it is decoded.
 */
function checkHeaders(headers: Headers): void {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (type !== 'application/json' || encoding !== 'identity') {
    throw new Refusal(
      415,
      'unsupported_content_type',
      'The body has to be application/json, without content-encoding.',
    );
  }
}

async function collect(
  reader: ReadableStreamDefaultReader<Uint8Array>,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      length += read.value.byteLength;
      if (length > limit) throw tooLarge(limit);
      chunks.push(read.value);
    }
    const bytes = new Uint8Array(length);
    let at = 0;
    for (const chunk of chunks) {
      bytes.set(chunk, at);
      at += chunk.byteLength;
    }
    return bytes;
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw unreadable();
  }
}

function unreadable(): Refusal {
  return new Refusal(400, 'invalid_body', 'The body could not be read as UTF-8 text.');
}

/**
 * Reads the bytes of a request's body within a limit of size and of time. Without the time limit, a client that sends a
 * byte per minute would occupy a connection indefinitely.
 */
export async function readBytes(
  { body, headers }: Request,
  { maxBodyBytes, bodyTimeoutMs }: BodyLimits,
  clock: Clock,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(headers.get('content-length') ?? 0) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  if (body === null) return new Uint8Array();
  const reader = body.getReader();
  const timer = new AbortController();
  const late = clock.sleep(bodyTimeoutMs, timer.signal).then(() => {
    throw new Refusal(408, 'request_timeout', `The body did not arrive within ${bodyTimeoutMs} ms.`, {
      headers: { connection: 'close' },
    });
  });
  try {
    return await Promise.race([collect(reader, maxBodyBytes), late]);
  } catch (error) {
    // The rest of the body is not read, so the connection may close while the client sends it.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}

/** Reads a request's body as text, within the same limits. */
export async function readBody(request: Request, limits: BodyLimits, clock: Clock): Promise<string> {
  checkHeaders(request.headers);
  const bytes = await readBytes(request, limits, clock);
  try {
    // With `fatal`, invalid UTF-8 is an error. Otherwise the decoder would replace it by other characters.
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw unreadable();
  }
}
