import { createParser } from 'eventsource-parser';
import type { Frame } from './frame.ts';

/**
 * More than any event of the API: images in base64 on one line. An event that does not end would otherwise fill the
 * memory, and many short lines fill it many times over, as the parser joins them.
 */
const longest = { bytes: 32 * 2 ** 20, lines: 50_000 } as const;

function countLines(text: string): number {
  return text.split(/[\n\r]/).length - 1;
}

/** Cuts bytes into frames, each as soon as its blank line is there. */
export class FrameParser {
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    onEvent: ({ event, data, id }) => this.#complete.push({ event, data, id }),
    onComment: () => this.#comment(),
    maxBufferSize: longest.bytes,
  });
  #complete: Frame[] = [];
  /** What came since an event was complete. */
  #open = { bytes: 0, lines: 0 };

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
    // A comment can stand within an event, and does not end it.
    if (frames.some((frame) => 'data' in frame)) this.#open = { bytes: 0, lines: 0 };
    else this.#open = { bytes: this.#open.bytes + text.length, lines: this.#open.lines + countLines(text) };
    if (this.#open.bytes > longest.bytes || this.#open.lines > longest.lines)
      throw new RangeError('An event of the stream does not end.');
    return frames;
  }

  /** Its text is the server's own. Several at once say no more than one. */
  #comment(): void {
    const last = this.#complete.at(-1);
    if (last === undefined || !('comment' in last)) this.#complete.push({ comment: '' });
  }
}
