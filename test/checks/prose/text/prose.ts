/** A part of the collected text, and where it is in the file. */
interface Stretch {
  /** Offset in the collected text. */
  readonly start: number;
  /** Offset in the file. */
  readonly origin: number;
  /** True if the stretch is copied from the file. False if it replaces the code that begins at `origin`. */
  readonly isVerbatim: boolean;
}

/** The prose of a file, collected into one Markdown text. */
export interface Prose {
  readonly text: string;
  /** Converts an offset in `text` into an offset in the file. */
  originOf(offset: number): number;
}

/** Replaces code inside a sentence. Rules read the placeholder as a noun. */
export const codePlaceholder = '\uE000';

/** Collects the prose of a file, in the order of the file. */
export class ProseBuilder implements Prose {
  text = '';
  readonly #stretches: Stretch[] = [];

  /** Adds characters that the file contains at `origin`. */
  add(text: string, origin: number): void {
    this.#append(text, origin, true);
  }

  /** Adds a replacement for what the file contains at `origin`, such as a placeholder for an expression. */
  substitute(text: string, origin: number): void {
    this.#append(text, origin, false);
  }

  endParagraph(): void {
    if (this.text !== '' && !this.text.endsWith('\n\n')) this.text += '\n\n';
  }

  originOf(offset: number): number {
    let low = 0;
    let high = this.#stretches.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#stretches[middle]?.start ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    const stretch = this.#stretches[low];
    if (stretch === undefined) return 0;
    return stretch.isVerbatim ? stretch.origin + Math.max(offset - stretch.start, 0) : stretch.origin;
  }

  #append(text: string, origin: number, isVerbatim: boolean): void {
    if (text === '') return;
    this.#stretches.push({ start: this.text.length, origin, isVerbatim });
    this.text += text;
  }
}
