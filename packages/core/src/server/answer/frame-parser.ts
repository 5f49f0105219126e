import { createParser } from 'eventsource-parser';
import type { Frame } from './frame.ts';

/** More than any event of the API; a stream without line ends would otherwise fill the memory. */
const longestEvent = 64 * 2 ** 20;

/** Cuts bytes into frames, each as soon as its blank line is there. */
export class FrameParser {
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    onEvent: ({ event, data, id }) => this.#complete.push({ event, data, id }),
    onComment: (comment) => this.#complete.push({ comment }),
    maxBufferSize: longestEvent,
  });
  #complete: Frame[] = [];

  /** The frames that these bytes complete. */
  feed(bytes: Uint8Array): readonly Frame[] {
    return this.#feed(this.#decoder.decode(bytes, { stream: true }));
  }

  /** The last frame, whose blank line some servers leave out. */
  end(): readonly Frame[] {
    return this.#feed(`${this.#decoder.decode()}\n\n`);
  }

  #feed(text: string): readonly Frame[] {
    this.#parser.feed(text);
    const frames = this.#complete;
    this.#complete = [];
    return frames;
  }
}
