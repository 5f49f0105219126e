/** Reads an answer's body bit by bit, and keeps what came. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  text = '';

  constructor(answer: Response) {
    if (answer.body === null) throw new Error('The answer has no body.');
    this.#reader = answer.body.getReader();
  }

  /** Everything so far, as soon as `text` is among it, or at the end. */
  async until(text: string): Promise<string> {
    for (;;) {
      if (this.text.includes(text)) return this.text;
      const { done, value } = await this.#reader.read();
      if (done) return this.text;
      this.text += this.#decoder.decode(value, { stream: true });
    }
  }
}
