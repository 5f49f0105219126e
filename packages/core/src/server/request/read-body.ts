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
function checkHeaders(headers: Headers, limit: number): void {
  const type = (headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase();
  const encoding = headers.get('content-encoding') ?? 'identity';
  if (type !== 'application/json' || encoding !== 'identity') {
    throw new Refusal(
      415,
      'unsupported_content_type',
      'The body has to be application/json, without content-encoding.',
    );
  }
  if (Number(headers.get('content-length') ?? 0) > limit) throw tooLarge(limit);
}

async function collect(reader: ReadableStreamDefaultReader<Uint8Array>, limit: number): Promise<string> {
  // With `fatal`, invalid UTF-8 is an error. Otherwise the decoder would replace it by other characters.
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let text = '';
  let bytes = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return text + decoder.decode();
      bytes += value.byteLength;
      if (bytes > limit) throw tooLarge(limit);
      text += decoder.decode(value, { stream: true });
    }
  } catch (error) {
    if (error instanceof Refusal) throw error;
    throw new Refusal(400, 'invalid_body', 'The body could not be read as UTF-8 text.');
  }
}

/**
 * Reads a request's body within a limit of size and of time. Without the time limit, a client that sends a byte per
 * minute would occupy a connection indefinitely.
 */
export async function readBody(request: Request, limits: BodyLimits, clock: Clock): Promise<string> {
  checkHeaders(request.headers, limits.maxBodyBytes);
  if (request.body === null) return '';
  const reader = request.body.getReader();
  const timer = new AbortController();
  const late = clock.sleep(limits.bodyTimeoutMs, timer.signal).then(() => {
    throw new Refusal(408, 'request_timeout', `The body did not arrive within ${limits.bodyTimeoutMs} ms.`, {
      headers: { connection: 'close' },
    });
  });
  try {
    return await Promise.race([collect(reader, limits.maxBodyBytes), late]);
  } catch (error) {
    // The rest of the body is not read, so the connection may close while the client sends it.
    reader.cancel().catch(() => undefined);
    throw error;
  } finally {
    timer.abort();
    late.catch(() => undefined);
  }
}
