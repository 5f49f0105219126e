import { Buffer } from 'node:buffer';

/** Marks an escaped text. A text that itself begins with this character is escaped too. */
const mark = '\u0001';

/**
 * Returns the form in which a text is stored: an id, an owner, a title. PostgreSQL's type `text` cannot hold NUL
 * characters, and its UTF-8 cannot represent lone surrogates. Such texts are stored as the Base64 of their UTF-16, which
 * is short enough for an index. All other texts are stored unchanged.
 */
export function textKey(text: string): string {
  const isStorable = text.isWellFormed() && !text.includes('\u0000') && !text.startsWith(mark);
  return isStorable ? text : mark + Buffer.from(text, 'utf16le').toString('base64');
}

/** The key of an optional text. `null` is NULL in SQL. */
export function optionalKey(text: string | undefined): string | null {
  return text === undefined ? null : textKey(text);
}

export function textOfKey(key: string): string {
  return key.startsWith(mark) ? Buffer.from(key.slice(mark.length), 'base64').toString('utf16le') : key;
}
