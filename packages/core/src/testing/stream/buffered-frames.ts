/**
 * The frames of a connection behind a proxy that buffers the body: one batch when the stream ends. If the stream
 * breaks, the proxy sends the buffered frames and breaks its connection to the client.
 */
export async function* bufferedFrames(
  batches: AsyncIterable<readonly string[]>,
): AsyncGenerator<readonly string[]> {
  const frames: string[] = [];
  try {
    for await (const batch of batches) frames.push(...batch);
  } catch (error) {
    yield frames;
    throw error;
  }
  yield frames;
}

/** Waits for the first batch, because a proxy that buffers the headers sends them with it. */
export async function firstBatch(
  batches: AsyncGenerator<readonly string[]>,
): Promise<AsyncGenerator<readonly string[]>> {
  const first = await batches.next();
  return (async function* all() {
    if (first.done === true) return;
    yield first.value;
    yield* batches;
  })();
}
