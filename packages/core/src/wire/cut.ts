/**
 * Truncates a text after `longest` characters and adds `…`. Replaces half of a surrogate pair, which could not be sent.
 */
export function cut(text: string, longest: number): string {
  return (text.length > longest ? `${text.slice(0, longest)}…` : text).toWellFormed();
}
