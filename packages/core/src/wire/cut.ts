/** Truncates a text to `longest` characters and marks it. A divided character could not be sent. */
export function cut(text: string, longest: number): string {
  return (text.length > longest ? `${text.slice(0, longest)}…` : text).toWellFormed();
}
