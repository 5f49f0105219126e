/**
 * Reads a body as UTF-8 text, up to a number of bytes. The unpacked size of a compressed answer is not known in
 * advance.
 *
 * @throws RangeError if it is longer. The remainder is not read.
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
      // Not awaited, because a source without an end must not delay the error.
      reader.cancel().catch(() => undefined);
      throw new RangeError(`The body is longer than ${maxBytes} bytes.`);
    }
    text += decoder.decode(value, { stream: true });
  }
}
