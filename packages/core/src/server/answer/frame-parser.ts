import { createParser } from 'eventsource-parser';
import type { Frame } from './frame.ts';

/**
 * Maximum size of one event. Events of the API are smaller, even with images in base64 on one line. Without a maximum,
 * an event without an end would fill the memory. The lines are counted too, because the parser joins them: many short
 * lines need several times the memory of their characters.
 */
const longest = { characters: 32 * 2 ** 20, lines: 50_000 } as const;

/**
 * Divides bytes into frames. Each frame is complete when its blank line has arrived. The size of a frame and its number
 * of lines are limited. Comments may keep a connection alive for any length of time.
 */
export class FrameParser {
  readonly #decoder = new TextDecoder();
  readonly #parser = createParser({
    onEvent: ({ event, data, id }) => this.#complete.push({ event, data, id }),
    onComment: () => this.#comment(),
    onError: ({ type }) => {
      if (type === 'max-buffer-size-exceeded') this.#isEndless = true;
    },
    maxBufferSize: longest.characters,
  });
  #complete: Frame[] = [];
  #isEndless = false;
  /** Lines since the last blank line. */
  #openLines = 0;
  /** The first character of the unfinished line. */
  #begun = '';
  /** Whether the text ended with `\r`, so that a `\n` may complete the line end. */
  #halfEnd = false;

  /** Returns the frames that these bytes complete. */
  feed(bytes: Uint8Array): readonly Frame[] {
    return this.#feed(this.#decoder.decode(bytes, { stream: true }));
  }

  /** Returns the last frame. Some servers omit its blank line. */
  end(): readonly Frame[] {
    return this.#feed(`${this.#decoder.decode()}\n\n`);
  }

  #feed(text: string): readonly Frame[] {
    this.#parser.feed(text);
    const frames = this.#complete;
    this.#complete = [];
    this.#count(text);
    this.#isEndless ||= this.#openLines > longest.lines;
    if (this.#isEndless) throw new RangeError('An event of the stream is too long.');
    return frames;
  }

  #count(text: string): void {
    if (text === '') return;
    const added = this.#halfEnd && text.startsWith('\n') ? text.slice(1) : text;
    this.#halfEnd = text.endsWith('\r');
    const lines = this.#begun + (added.includes('\r') ? added.replace(/\r\n?/g, '\n') : added);
    const unfinished = lines.lastIndexOf('\n') + 1;
    // The first character of the unfinished line shows whether the line is a comment.
    this.#begun = lines.slice(unfinished, unfinished + 1);
    // The added `\n` ends the line before the first one.
    const finished = `\n${lines.slice(0, unfinished)}`;
    const blank = finished.lastIndexOf('\n\n');
    if (blank !== -1) this.#openLines = 0;
    const open = finished.slice(blank === -1 ? 0 : blank + 2).split('\n');
    this.#openLines += open.filter((line) => line !== '' && !line.startsWith(':')).length;
  }

  /** Adds a comment without its text, which is private to the server. Consecutive comments become one. */
  #comment(): void {
    const last = this.#complete.at(-1);
    if (last === undefined || !('comment' in last)) this.#complete.push({ comment: '' });
  }
}
