/** One event of a server-sent stream. */
export interface SentEvent {
  readonly event: string | undefined;
  readonly data: string;
  readonly id: string | undefined;
}

/**
 * Reads server-sent events from text that arrives in pieces (HTML standard, section 9.2.6). An event is complete when
 * its blank line has arrived.
 */
export class EventReader {
  readonly #onEvent: (event: SentEvent) => void;
  readonly #onComment: (() => void) | undefined;
  #isFirst = true;
  /** The last piece ended with a carriage return. A line feed after it belongs to the same line end. */
  #afterReturn = false;
  /** The start of a line whose end has not arrived. */
  #unfinished = '';
  #openLength = 0;
  #openLines = 0;
  #event: string | undefined;
  #data: string | undefined;
  #id: string | undefined;

  constructor(onEvent: (event: SentEvent) => void, onComment?: () => void) {
    this.#onEvent = onEvent;
    this.#onComment = onComment;
  }

  /** Lines of the event whose blank line has not arrived. Comments are not counted. */
  get openLines(): number {
    return this.#openLines;
  }

  /** Characters of that event, with the start of a line whose end has not arrived. */
  get openLength(): number {
    return this.#openLength + this.#unfinished.length;
  }

  feed(piece: string): void {
    if (piece === '') return;
    let text = this.#isFirst ? piece.replace(/^\uFEFF/, '') : piece;
    if (this.#afterReturn && text.startsWith('\n')) text = text.slice(1);
    this.#isFirst = false;
    this.#afterReturn = piece.endsWith('\r');
    if (text.includes('\r')) text = text.replace(/\r\n?/g, '\n');
    // Only the new piece is searched: searching a long line again with each piece would take quadratic time.
    let start = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      this.#read(this.#unfinished + text.slice(start, end));
      this.#unfinished = '';
      start = end + 1;
    }
    this.#unfinished += text.slice(start);
  }

  #read(line: string): void {
    if (line === '') return this.#end();
    if (line.startsWith(':')) return this.#onComment?.();
    this.#openLines += 1;
    this.#openLength += line.length + 1;
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + (line[colon + 1] === ' ' ? 2 : 1));
    if (field === 'data') this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
    else if (field === 'event') this.#event = value || undefined;
    else if (field === 'id') this.#id = value;
  }

  #end(): void {
    const data = this.#data;
    const event = this.#event;
    const id = this.#id;
    this.#data = undefined;
    this.#event = undefined;
    this.#id = undefined;
    this.#openLines = 0;
    this.#openLength = 0;
    if (data !== undefined) this.#onEvent({ event, data, id });
  }
}
