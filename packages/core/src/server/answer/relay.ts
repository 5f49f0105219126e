export interface RelayHooks {
  /** Sees each chunk before it is given out. */
  readonly onChunk?: (chunk: Uint8Array) => void;
  /** Called once, however it ends: at the end, broken, or given up by the reader. */
  readonly onEnd?: () => Promise<void>;
}

/**
 * A stream that gives out `head`, then what `reader` gives, as it is asked for and no sooner: a slow client slows the
 * API's connection down instead of filling memory.
 */
export function relay(
  head: readonly Uint8Array[],
  reader: ReadableStreamDefaultReader<Uint8Array>,
  { onChunk = () => undefined, onEnd = async () => undefined }: RelayHooks = {},
): ReadableStream<Uint8Array> {
  const waiting = [...head];
  const next = async (): Promise<Uint8Array | undefined> => waiting.shift() ?? (await reader.read()).value;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        let chunk: Uint8Array | undefined;
        try {
          chunk = await next();
        } catch {
          await onEnd();
          // The cause names hosts and sockets of the server's own network.
          return controller.error(new Error('The connection to the API broke.'));
        }
        if (chunk !== undefined) {
          onChunk(chunk);
          return controller.enqueue(chunk);
        }
        await onEnd();
        controller.close();
      },
      async cancel(reason) {
        await reader.cancel(reason).catch(() => undefined);
        await onEnd();
      },
    },
    { highWaterMark: 0 },
  );
}
