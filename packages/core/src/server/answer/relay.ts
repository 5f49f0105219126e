/** The source of a relayed stream. */
export interface ChunkSource {
  /** Returns undefined at the end. Rejects if the connection breaks. */
  next(): Promise<Uint8Array | undefined>;
  cancel(reason?: unknown): Promise<void>;
}

export interface RelayHooks {
  /** Called with the error if the source breaks. */
  readonly onBreak: (error: unknown) => void;
  /** Called with each chunk before it is sent. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Called once when the stream ends: complete, broken, or cancelled by the reader. */
  readonly onEnd?: () => Promise<void>;
}

/**
 * Creates a stream that sends `head`, then the chunks of `source` as the reader requests them. If the source breaks,
 * the stream ends. Without a terminal event, the reader knows that it is incomplete. If the stream failed instead, some
 * hosts would write an error page into it.
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
