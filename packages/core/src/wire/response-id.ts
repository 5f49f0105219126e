/**
 * Whether a text can be the id in a poll's path. `.` and `..` lead to another path, and a lone surrogate cannot be
 * encoded.
 */
export function isResponseId(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && text.isWellFormed();
}
