import { isJsonObject, type JsonObject, type JsonValue } from '../../wire/json.ts';
import { FrameParser } from './frame-parser.ts';
import { encodeFrame, type Frame } from './frame.ts';
import { rewriteEvent } from './rewrite-event.ts';
import type { Rewriting } from './rewriting.ts';

function parseEvent(data: string): JsonObject | undefined {
  try {
    const value: JsonValue = JSON.parse(data);
    return isJsonObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Sees an event as the API sent it, and its type, which some servers state in the frame alone. */
export type Observe = (event: JsonObject, type: string | undefined) => Promise<void>;

/**
 * The events of the API's stream, rewritten, one at a time and only when asked for: a slow client slows the API's
 * connection down instead of filling memory.
 */
export class RewrittenEvents {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #rewriting: Rewriting;
  readonly #observe: Observe;
  readonly #parser = new FrameParser();
  #waiting: readonly Frame[] = [];
  /** How many of those that wait have been passed on. */
  #passed = 0;
  #ended = false;

  /** `observe` sees each event as the API sent it, before the client can. */
  constructor(stream: ReadableStream<Uint8Array>, rewriting: Rewriting, observe: Observe) {
    this.#reader = stream.getReader();
    this.#rewriting = rewriting;
    this.#observe = observe;
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
    const event = parseEvent(frame.data);
    if (event === undefined) return frame.data === '[DONE]' ? encodeFrame(frame) : undefined;
    const rewritten = await rewriteEvent(event, this.#rewriting, frame.event);
    const { type } = event;
    await this.#observe(event, typeof type === 'string' ? type : frame.event);
    return encodeFrame(rewritten === event ? frame : { ...frame, data: JSON.stringify(rewritten) });
  }
}
