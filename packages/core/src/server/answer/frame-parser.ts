import { EventReader } from '../../wire/event-reader.ts';
import type { Frame } from './frame.ts';

/**
 * More than any event of the API: images in base64 on one line. An event that does not end would otherwise fill the
 * memory. Many short lines fill it many times over, because the reader joins them.
 */
const longest = { characters: 32 * 2 ** 20, lines: 50_000 } as const;

/**
 * Divides bytes into frames. Each frame is complete when its blank line has arrived. The size of a frame is limited;
 * comments may keep a connection alive for any length of time.
 */
export class FrameParser {
  readonly #decoder = new TextDecoder();
  readonly #reader = new EventReader(
    (event) => this.#complete.push(event),
    () => this.#comment(),
  );
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
    this.#reader.feed(text);
    const frames = this.#complete;
    this.#complete = [];
    const { openLength, openLines } = this.#reader;
    if (openLength > longest.characters || openLines > longest.lines) {
      throw new RangeError('An event of the stream does not end.');
    }
    return frames;
  }

  /** A comment's text is private to the server. Several comments in a row have the same effect as one. */
  #comment(): void {
    const last = this.#complete.at(-1);
    if (last === undefined || !('comment' in last)) this.#complete.push({ comment: '' });
  }
}
