/** Reads an answer's body in parts, and collects its text. */
export class BodyReader {
  readonly #reader: ReadableStreamDefaultReader<Uint8Array>;
  readonly #decoder = new TextDecoder();
  text = '';

  constructor(answer: Response) {
    if (answer.body === null) throw new Error('The answer has no body.');
    this.#reader = answer.body.getReader();
  }

  /** Resolves to the text so far as soon as it contains `text`, or at the end. */
  async until(text: string): Promise<string> {
    for (;;) {
      if (this.text.includes(text)) return this.text;
      const { done, value } = await this.#reader.read();
      if (done) return this.text;
      this.text += this.#decoder.decode(value, { stream: true });
    }
  }
}
