/** Splits bytes into chunks of one size, regardless of lines and characters. */
function* pieces(bytes: Uint8Array, size: number): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length; start += size) yield bytes.subarray(start, start + size);
}

export interface BodyOptions {
  readonly splitBytes: number | undefined;
  /** Called once when the body is complete (`finished`), when it breaks, or when its reader cancels. */
  readonly onEnd: (finished: boolean) => void;
}

/** Converts batches of frames to a body. Reads a batch only when the reader needs it. */
export function sseBody(
  batches: AsyncIterator<readonly string[]>,
  options: BodyOptions,
): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let ended = false;

  function end(finished: boolean): void {
    if (ended) return;
    ended = true;
    options.onEnd(finished);
  }

  async function pull(controller: ReadableStreamDefaultController<Uint8Array>): Promise<void> {
    let text = '';
    while (text === '') {
      const next = await batches.next();
      if (ended) return;
      if (next.done === true) {
        end(true);
        controller.close();
        return;
      }
      text = next.value.join('');
    }
    const bytes = encoder.encode(text);
    if (options.splitBytes === undefined) controller.enqueue(bytes);
    else for (const piece of pieces(bytes, options.splitBytes)) controller.enqueue(piece);
  }

  return new ReadableStream<Uint8Array>(
    {
      pull: async (controller) => {
        try {
          await pull(controller);
        } catch (error) {
          end(false);
          controller.error(error);
        }
      },
      cancel: () => end(false),
    },
    { highWaterMark: 0 },
  );
}
