/** Whether a text can be the id in a path: `.` and `..` name another path, and half a surrogate pair names none. */
export function isResponseId(text: string): boolean {
  return text !== '' && text !== '.' && text !== '..' && text.isWellFormed();
}
