import type { JsonObject } from '../../wire/json.ts';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import { rewriteEvent } from './rewrite-event.ts';
import { type Rewriting, written } from './rewriting.ts';

/** Receives an event as the API sent it, and its type, which some servers state only in the frame. */
export type Observe = (event: JsonObject, type: string | undefined) => Promise<void>;

/** Encodes an event for the client, in a frame with its type. */
export async function frameOf(
  { event, type }: ReadEvent,
  rewriting: Rewriting,
  id?: string,
): Promise<Uint8Array> {
  const data = await written(rewriteEvent(event, rewriting, type), rewriting);
  return encodeFrame({ event: type, data, id: id === undefined ? id : rewriting.names.inText(id) });
}

/**
 * Reads the API's stream and rewrites its events, one at a time and only when the reader requests one. So a slow client
 * slows down the connection to the API, and does not fill the memory.
 */
export class RewrittenEvents {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #rewriting: Rewriting;
  readonly #observe: Observe;
  readonly #untyped: (object: JsonObject) => void;
  readonly #parser = new FrameParser();
  #waiting: readonly Frame[] = [];
  /** Number of waiting frames that have been processed. */
  #passed = 0;
  #ended = false;

  /**
   * `observe` receives each event as the API sent it, before the client does. `untyped` receives objects that are not
   * events of the API. They may be messages of a gateway.
   */
  constructor(
    stream: ReadableStream<Uint8Array>,
    rewriting: Rewriting,
    observe: Observe,
    untyped: (object: JsonObject) => void = () => undefined,
  ) {
    this.#reader = stream.getReader();
    this.#rewriting = rewriting;
    this.#observe = observe;
    this.#untyped = untyped;
  }

  /** Returns the next event as bytes; undefined at the end. Rejects if the connection breaks. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const frame = this.#waiting[this.#passed];
      if (frame === undefined) {
        if (this.#ended) return undefined;
        await this.#read();
        continue;
      }
      this.#passed += 1;
      const bytes = await this.#pass(frame);
      if (bytes !== undefined) return bytes;
    }
  }

  /** Cancels the stream. */
  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#reader.read();
    this.#ended = done;
    this.#passed = 0;
    this.#waiting = done ? this.#parser.end() : this.#parser.feed(value);
  }

  /**
   * Returns the bytes for a frame. Drops frames that are neither an event of the API, nor a comment, nor the `[DONE]`
   * of some servers.
   */
  async #pass(frame: Frame): Promise<Uint8Array | undefined> {
    if ('comment' in frame) return encodeFrame({ comment: '' });
    const read = readEvent(frame, this.#untyped);
    if (read === undefined) return frame.data === '[DONE]' ? encodeFrame(frame) : undefined;
    await this.#observe(read.event, read.type);
    return frameOf(read, this.#rewriting, frame.id);
  }
}
