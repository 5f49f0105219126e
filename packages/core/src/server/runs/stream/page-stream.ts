import { eventStream } from '../../answer/response-headers.ts';

/**
 * The number of bytes that wait for a page that reads slowly. Frames are shared by all pages, so the queue costs little
 * more than its entries.
 */
const waitingBytes = 16_384;

/** The stream of events to one page. */
export class PageStream {
  readonly #body: ReadableStream<Uint8Array>;
  #controller: ReadableStreamDefaultController<Uint8Array> | undefined;
  readonly #ended: (() => void)[] = [];
  #isClosed = false;
  /** Called when a page that was too slow can receive more. */
  #wanted: () => void = () => undefined;

  constructor(signal: AbortSignal) {
    this.#body = new ReadableStream<Uint8Array>(
      {
        start: (controller) => {
          this.#controller = controller;
        },
        pull: () => this.#wanted(),
        cancel: () => this.#end(),
      },
      { highWaterMark: waitingBytes, size: (chunk) => chunk?.byteLength ?? 0 },
    );
    const abort = (): void => this.close();
    signal.addEventListener('abort', abort, { once: true });
    this.onEnd(() => signal.removeEventListener('abort', abort));
    if (signal.aborted) this.close();
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get wants(): boolean {
    return !this.#isClosed && (this.#controller?.desiredSize ?? 0) > 0;
  }

  /** Sends bytes, even if the page reads slowly. */
  send(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#controller?.enqueue(bytes);
  }

  /** `listener` is called each time the page wants more. */
  onWanted(listener: () => void): void {
    this.#wanted = listener;
  }

  /** `listener` is called when the stream has ended: by `close`, or because the page left. */
  onEnd(listener: () => void): void {
    if (this.#isClosed) listener();
    else this.#ended.push(listener);
  }

  /** Ends the stream. The page still receives all bytes that were sent before. */
  close(): void {
    if (this.#isClosed) return;
    this.#end();
    try {
      this.#controller?.close();
    } catch {
      // The adapter has cancelled the stream in the meantime.
    }
  }

  answer(): Response {
    return new Response(this.#body, {
      headers: { 'content-type': eventStream, 'cache-control': 'no-cache, no-transform' },
    });
  }

  #end(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const listener of this.#ended) listener();
    this.#ended.length = 0;
  }
}
