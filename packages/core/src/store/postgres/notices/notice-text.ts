import { Buffer } from 'node:buffer';
import { isNotice } from '../../is-notice.ts';
import type { RunNotice } from '../../run-store.ts';

/** A message between stores: notices, or a part of a message that is too long. */
export interface NoticeMessage {
  /** Identifies the store that has sent it. */
  readonly from: string;
  /** The number of the message, among those of its store. */
  readonly number: number;
  /** The part's place, from 0, and the number of parts. */
  readonly part: number;
  readonly parts: number;
  readonly text: string;
}

/**
 * The maximum size of a message in bytes. PostgreSQL refuses messages of 8,000 bytes, and its queue has pages of 8 kB,
 * which hold three messages of this size.
 */
export const longestMessage = 2_400;

const form = /^([\w-]{1,40})\.(\d{1,15})\.(\d{1,6})\.(\d{1,6})\n([^]*)$/;

/** The text of a message, as a channel transports it. */
export function messageText({ from, number, part, parts, text }: NoticeMessage): string {
  return `${from}.${number}.${part}.${parts}\n${text}`;
}

/** Reads a message. Undefined if it is damaged, or of another version. */
export function readMessage(text: string): NoticeMessage | undefined {
  const match = form.exec(text);
  if (match === null) return undefined;
  const [, from = '', number, part, parts, content = ''] = match;
  return { from, number: Number(number), part: Number(part), parts: Number(parts), text: content };
}

/** The text of a notice. It has no line break. Undefined if its message is not JSON. */
export function noticeText(notice: RunNotice): string | undefined {
  try {
    return JSON.stringify(notice);
  } catch {
    return undefined;
  }
}

/** Reads the notices of a whole message. Damaged notices, and those of a later version, are left out (I10). */
export function readNotices(text: string): RunNotice[] {
  return text.split('\n').flatMap((line): RunNotice[] => {
    const notice = parsed(line);
    return isNotice(notice) ? [notice] : [];
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Cuts a text into pieces of at most `most` bytes in UTF-8, between characters. */
export function cutIntoPieces(text: string, most: number): string[] {
  const bytes = Buffer.from(text);
  const pieces: string[] = [];
  for (let start = 0; start < bytes.length; ) {
    let end = Math.min(start + most, bytes.length);
    // A byte 10xxxxxx continues a character.
    while (end < bytes.length && ((bytes[end] ?? 0) & 0b1100_0000) === 0b1000_0000) end -= 1;
    pieces.push(bytes.toString('utf8', start, end));
    start = end;
  }
  return pieces;
}
