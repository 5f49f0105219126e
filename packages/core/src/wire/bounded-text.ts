/**
 * Reads a body of bytes as UTF-8 text, up to a number of bytes: what a compressed answer unpacks to is not known before.
 *
 * @throws RangeError when it is longer; the rest is not read
 */
export async function boundedText(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  decoder: TextDecoder = new TextDecoder(),
): Promise<string> {
  const reader = body.getReader();
  let text = '';
  let bytes = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    bytes += value.byteLength;
    if (bytes > maxBytes) {
      // Not awaited: a source that does not end must not hold up the refusal.
      reader.cancel().catch(() => undefined);
      throw new RangeError(`The body is longer than ${maxBytes} bytes.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
