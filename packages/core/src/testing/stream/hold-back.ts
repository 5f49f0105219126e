/**
 * The frames of a connection as a proxy passes them on that holds the body back: in one batch, once the stream is
 * over. Of a stream that breaks it passes on what it has, and breaks too.
 */
export async function* heldBack(
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

/** Waits for the first batch: an answer whose headers are held back begins no earlier. */
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
