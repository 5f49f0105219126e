/** Where a relayed stream comes from. */
export interface ChunkSource {
  /** Undefined at the end. Rejects where the connection broke. */
  next(): Promise<Uint8Array | undefined>;
  cancel(reason?: unknown): Promise<void>;
}

export interface RelayHooks {
  /** Told why the source broke. */
  readonly onBreak: (error: unknown) => void;
  /** Sees each chunk before it is given out. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Called once, however it ends: at the end, broken, or given up by the reader. */
  readonly onEnd?: () => Promise<void>;
}

/**
 * A stream that gives out `head`, then what `source` gives, as it is asked for and no sooner. Where the source breaks
 * it ends: without a terminal event that says "not finished" to a reader of events, while hosts answer a stream
 * that fails with words of their own in the middle of it.
 */
export function relay(
  head: readonly Uint8Array[],
  source: ChunkSource,
  { onBreak, onChunk = () => undefined, onEnd = async () => undefined }: RelayHooks,
): ReadableStream<Uint8Array> {
  const waiting = [...head];
  const next = async (): Promise<Uint8Array | undefined> => {
    try {
      return waiting.shift() ?? (await source.next());
    } catch (error) {
      onBreak(error);
      await source.cancel();
      return undefined;
    }
  };
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const chunk = await next();
        if (chunk !== undefined) {
          onChunk(chunk);
          return controller.enqueue(chunk);
        }
        await onEnd();
        controller.close();
      },
      async cancel(reason) {
        await source.cancel(reason);
        await onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}
