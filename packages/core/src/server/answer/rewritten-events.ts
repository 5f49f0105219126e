import type { JsonObject } from '../../wire/json.ts';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import { rewriteEvent } from './rewrite-event.ts';
import { type Rewriting, written } from './rewriting.ts';

/** Sees an event as the API sent it, and its type, which some servers state in the frame alone. */
export type Observe = (event: JsonObject, type: string | undefined) => Promise<void>;

/** An event as the client may see it, in a frame that states its type. */
export async function frameOf(
  { event, type }: ReadEvent,
  rewriting: Rewriting,
  id?: string,
): Promise<Uint8Array> {
  const data = await written(rewriteEvent(event, rewriting, type), rewriting);
  return encodeFrame({ event: type, data, id: id === undefined ? id : rewriting.names.inText(id) });
}

/**
 * The events of the API's stream, rewritten, one at a time and only when asked for: a slow client slows the API's
 * connection down instead of filling memory.
 */
export class RewrittenEvents {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #rewriting: Rewriting;
  readonly #observe: Observe;
  readonly #untyped: (object: JsonObject) => void;
  readonly #parser = new FrameParser();
  #waiting: readonly Frame[] = [];
  /** How many of those that wait have been passed on. */
  #passed = 0;
  #ended = false;

  /**
   * `observe` sees each event as the API sent it, before the client can. `untyped` is told of what is no event of the
   * API's, and may be a gateway's word.
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

  /** The next event as bytes; undefined at the end. Rejects where the connection broke. */
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

  /** Gives the stream up. */
  async cancel(reason?: unknown): Promise<void> {
    await this.#reader.cancel(reason).catch(() => undefined);
  }

  async #read(): Promise<void> {
    const { done, value } = await this.#reader.read();
    this.#ended = done;
    this.#passed = 0;
    this.#waiting = done ? this.#parser.end() : this.#parser.feed(value);
  }

  /** What is neither an event of the API's, nor a comment, nor the `[DONE]` of some servers is dropped. */
  async #pass(frame: Frame): Promise<Uint8Array | undefined> {
    if ('comment' in frame) return encodeFrame({ comment: '' });
    const read = readEvent(frame, this.#untyped);
    if (read === undefined) return frame.data === '[DONE]' ? encodeFrame(frame) : undefined;
    await this.#observe(read.event, read.type);
    return frameOf(read, this.#rewriting, frame.id);
  }
}
