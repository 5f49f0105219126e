import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { rewriteEvent } from './rewrite-event.ts';
import type { Rewriting } from './rewrite-response.ts';

function parseEvent(data: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The events of the API's stream, rewritten, one at a time and only when asked for: a slow client slows the API's
 * connection down instead of filling memory.
 */
export class RewrittenEvents {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #rewriting: Rewriting;
  readonly #observe: (event: JsonObject) => Promise<void>;
  readonly #parser = new FrameParser();
  #waiting: readonly Frame[] = [];
  #ended = false;

  /** `observe` sees each event as the API sent it, before the client can. */
  constructor(
    stream: ReadableStream<Uint8Array>,
    rewriting: Rewriting,
    observe: (event: JsonObject) => Promise<void>,
  ) {
    this.#reader = stream.getReader();
    this.#rewriting = rewriting;
    this.#observe = observe;
  }

  /** The next event as bytes; undefined at the end. Rejects where the connection broke. */
  async next(): Promise<Uint8Array | undefined> {
    for (;;) {
      const [frame, ...rest] = this.#waiting;
      if (frame === undefined) {
        if (this.#ended) return undefined;
        await this.#read();
        continue;
      }
      this.#waiting = rest;
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
    this.#waiting = done ? this.#parser.end() : this.#parser.feed(value);
  }

  /** What is neither an event of the API's, nor a comment, nor the `[DONE]` of some servers is dropped. */
  async #pass(frame: Frame): Promise<Uint8Array | undefined> {
    if ('comment' in frame) return encodeFrame({ comment: '' });
    const event = parseEvent(frame.data);
    if (event === undefined) return frame.data === '[DONE]' ? encodeFrame(frame) : undefined;
    const rewritten = await rewriteEvent(event, this.#rewriting);
    await this.#observe(event);
    // Deltas, nearly all of a stream, go on as they came.
    return encodeFrame(rewritten === event ? frame : { ...frame, data: JSON.stringify(rewritten) });
  }
}
