import { Buffer } from 'node:buffer';
import type { RunNotice } from '../../run-store.ts';
import { cutIntoPieces, longestMessage, messageText, noticeText } from './notice-text.ts';

/** Space for the line that begins a message, in bytes. */
const headerBytes = 80;
/** The maximum size of a message's notices, in bytes. */
const mostBytes = longestMessage - headerBytes;
/**
 * Maximum size of the live text that waits, in bytes. Later text is dropped until there is space: followers detect the
 * gap and ask for the view again.
 */
export const mostWaitingBytes = 4_000_000;
/** Maximum number of runs whose changes wait. Later ones are dropped; processes also query the store. */
const mostWaitingChanges = 50_000;

/**
 * Notices that wait to be sent. Changes of one run are sent once, before live text. A message contains as many notices
 * as fit into it. A notice that does not fit into one message is cut.
 */
export class OutgoingNotices {
  readonly #from: string;
  /** Changes of runs, without duplicates. */
  readonly #changes = new Set<string>();
  /** Live text, in order. */
  #live: string[] = [];
  #liveBytes = 0;
  /** Parts of a long notice that are left over from the last call of `take`. */
  #parts: string[] = [];
  #number = 0;

  /** @param from Identifies the store among all stores of the channel. */
  constructor(from: string) {
    this.#from = from;
  }

  get isEmpty(): boolean {
    return this.#changes.size + this.#live.length + this.#parts.length === 0;
  }

  add(notice: RunNotice): void {
    const text = noticeText(notice);
    if (text === undefined) return;
    if (notice.type !== 'live') {
      if (this.#changes.size < mostWaitingChanges) this.#changes.add(text);
      return;
    }
    const bytes = Buffer.byteLength(text);
    if (this.#liveBytes + bytes > mostWaitingBytes) return;
    this.#live.push(text);
    this.#liveBytes += bytes;
  }

  /** Takes at most `most` messages, in the order in which they must be sent. */
  take(most: number): string[] {
    const messages = this.#parts.splice(0, most);
    while (messages.length < most) {
      const [first, ...rest] = this.#next();
      if (first === undefined) break;
      messages.push(first, ...rest.splice(0, most - messages.length - 1));
      this.#parts = rest;
    }
    return messages;
  }

  /** The next message, or the parts of the next long notice. */
  #next(): string[] {
    const lines: string[] = [];
    let bytes = 0;
    const add = (text: string): boolean => {
      const size = Buffer.byteLength(text) + 1;
      if (lines.length > 0 && bytes + size > mostBytes) return false;
      bytes += size;
      lines.push(text);
      return true;
    };
    for (const text of this.#changes) {
      if (!add(text)) break;
      this.#changes.delete(text);
    }
    const changes = lines.length;
    for (const text of this.#live) {
      if (!add(text)) break;
      this.#liveBytes -= Buffer.byteLength(text);
    }
    this.#live.splice(0, lines.length - changes);
    return this.#messages(lines);
  }

  #messages(lines: readonly string[]): string[] {
    if (lines.length === 0) return [];
    this.#number += 1;
    const pieces = cutIntoPieces(lines.join('\n'), mostBytes);
    return pieces.map((text, part) =>
      messageText({ from: this.#from, number: this.#number, part, parts: pieces.length, text }),
    );
  }
}
