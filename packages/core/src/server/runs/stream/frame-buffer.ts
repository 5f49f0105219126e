import type { Frame } from './frame.ts';

/** The number of frames that are kept for pages that are slow, or that connect again. */
const mostFrames = 2_000;
/** Their maximum length together, in characters. */
const mostCharacters = 2 ** 20;
/** The number of frames that keep their bytes. Each Uint8Array needs more memory than a short event. */
const mostEncoded = 32;

/** The last frames of a run. They are numbered from 0, because several frames may have one `seq`. */
export class FrameBuffer {
  readonly #frames: Frame[] = [];
  /** The index of the first frame that is kept. Earlier frames are removed in chunks. */
  #start = 0;
  #removed = 0;
  #length = 0;
  /** The `seq` before the first frame that is kept. */
  #seqBefore: number;

  constructor(seq: number) {
    this.#seqBefore = seq;
  }

  /** The number of the first frame that is kept. */
  get first(): number {
    return this.#removed + this.#start;
  }

  /** The number of the next frame. */
  get end(): number {
    return this.#removed + this.#frames.length;
  }

  at(number: number): Frame | undefined {
    return this.#frames[number - this.#removed];
  }

  push(frame: Frame): void {
    this.#frames.push(frame);
    this.#frames.at(-1 - mostEncoded)?.forgetBytes();
    this.#length += frame.length;
    while (
      this.#frames.length - this.#start > mostFrames ||
      (this.#length > mostCharacters && this.#frames.length - this.#start > 1)
    )
      this.#drop();
  }

  /** The number of the frame after the last one with this `seq`. Undefined if no frame with it is kept. */
  numberAfter(seq: number): number | undefined {
    let low = this.#start;
    let high = this.#frames.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#frames[middle]?.seq ?? Number.POSITIVE_INFINITY) > seq) high = middle;
      else low = middle + 1;
    }
    const before = low === this.#start ? this.#seqBefore : this.#frames[low - 1]?.seq;
    return before === seq ? this.#removed + low : undefined;
  }

  #drop(): void {
    const frame = this.#frames[this.#start];
    if (frame === undefined) return;
    this.#seqBefore = frame.seq;
    this.#length -= frame.length;
    this.#start += 1;
    if (this.#start < mostFrames / 2 && this.#start < this.#frames.length / 2) return;
    this.#frames.splice(0, this.#start);
    this.#removed += this.#start;
    this.#start = 0;
  }
}
