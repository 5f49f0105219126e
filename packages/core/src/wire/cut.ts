/** A text of at most `longest` characters, and the mark of a cut. A character that was cut in two could not be sent. */
export function cut(text: string, longest: number): string {
  return (text.length > longest ? `${text.slice(0, longest)}…` : text).toWellFormed();
}
